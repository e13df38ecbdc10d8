import type { Actor, Clock } from '@alliance/event-sourcing';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { errorMessage } from '../error-message';
import { actorOf } from './bearer-claims';
import { IdentityUnavailable, InvalidToken, TokenVerifier } from './token-verifier';

/** Signatures by a key that only the issuer has: no `none`, nothing with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const FETCH_TIMEOUT_MS = 5000;

/** Verifies tokens of an OpenID Connect issuer, whose keys it finds by discovery with the first token. */
export class OidcTokenVerifier extends TokenVerifier {
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(
    private readonly options: { readonly issuer: string; readonly audience: string; readonly rolesClaim: string },
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super();
  }

  async verify(token: string): Promise<Actor> {
    const { issuer, audience, rolesClaim } = this.options;
    const keys = await this.discoverOnce();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: 5,
        currentDate: this.clock.now(),
      });
      return actorOf(payload, rolesClaim);
    } catch (error) {
      throw invalidOrUnavailable(error);
    }
  }

  private discoverOnce(): Promise<JWTVerifyGetKey> {
    this.keys ??= discoverKeys(this.options.issuer).catch((error: unknown) => {
      this.keys = undefined;
      throw new IdentityUnavailable(`The issuer's configuration cannot be read: ${errorMessage(error)}`);
    });
    return this.keys;
  }
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  const configuration: unknown = await response.json();
  if (typeof configuration !== 'object' || configuration === null) throw new Error(`${url} gave no object.`);
  const found = 'issuer' in configuration ? configuration.issuer : undefined;
  const jwksUri = 'jwks_uri' in configuration ? configuration.jwks_uri : undefined;
  if (found !== issuer) throw new Error(`${url} speaks for the issuer "${String(found)}".`);
  if (typeof jwksUri !== 'string') throw new Error(`${url} has no jwks_uri.`);
  return createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: FETCH_TIMEOUT_MS });
}

/** Failing to fetch the keys says nothing of the token; every other error of jose does. */
function invalidOrUnavailable(error: unknown): Error {
  if (error instanceof InvalidToken) return error;
  const isFetch = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  if (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    isFetch ||
    error instanceof TypeError
  ) {
    return new IdentityUnavailable(`The issuer's keys cannot be fetched: ${errorMessage(error)}`);
  }
  return new InvalidToken(`The token is not valid: ${errorMessage(error)}.`);
}
