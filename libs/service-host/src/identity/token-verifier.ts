import type { Actor } from '@alliance/event-sourcing';

/** The token does not prove who calls: wrong signature, issuer, audience, algorithm, expired, or without a subject. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/** The issuer's keys cannot be fetched; nothing can be said of the token. */
export class IdentityUnavailable extends Error {
  override readonly name = 'IdentityUnavailable';
}

/** Tells who calls from a bearer token. Also the dependency-injection token. */
export abstract class TokenVerifier {
  /** Throws `InvalidToken` and `IdentityUnavailable`. */
  abstract verify(token: string): Promise<Actor>;
}
