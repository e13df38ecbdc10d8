import { randomUUID } from 'node:crypto';
import type { Actor, Clock } from '@alliance/event-sourcing';
import { errors, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { Role } from '../http/roles';
import { actorOf } from './bearer-claims';
import { InvalidToken, TokenVerifier } from './token-verifier';

const ISSUER = 'urn:alliance4ukraine:development-issuer';
const LIFETIME_SECONDS = 12 * 3600;

/**
 * Issues and verifies tokens with a key that lives in this process alone. It exists only where code makes one and
 * hands it to `startService`; no setting can switch it on.
 */
export class DevelopmentIssuer extends TokenVerifier {
  private readonly keys = generateKeyPair('ES256');

  constructor(private readonly clock: Pick<Clock, 'now'>) {
    super();
  }

  /** A signed token, valid for twelve hours; without a subject for somebody new. */
  async issue(claims: {
    readonly roles: readonly Role[];
    readonly subject?: string;
    readonly organisationId?: string;
  }): Promise<string> {
    const { privateKey } = await this.keys;
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({ roles: claims.roles, organisation_id: claims.organisationId })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(ISSUER)
      .setSubject(claims.subject ?? `dev-${randomUUID()}`)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(privateKey);
  }

  async verify(token: string): Promise<Actor> {
    const { publicKey } = await this.keys;
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        issuer: ISSUER,
        algorithms: ['ES256'],
        currentDate: this.clock.now(),
      });
      return actorOf(payload, 'roles');
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new InvalidToken(`The token is not valid: ${error.message}.`);
      throw error;
    }
  }
}
