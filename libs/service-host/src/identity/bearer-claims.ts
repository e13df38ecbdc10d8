import type { Actor } from '@alliance/event-sourcing';
import type { JWTPayload } from 'jose';
import { isRole } from '../http/roles';
import { InvalidToken } from './token-verifier';

const SUBJECT = /^[\x21-\x3f\x41-\x7e]{1,200}$/; // visible ASCII without "@"
const ORGANISATION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The actor in a verified token: `sub`, the roles we know of the claim `rolesClaim`, `organisation_id`. Throws
 * `InvalidToken` for a subject that could be an e-mail address: it would stand in the log for ever.
 */
export function actorOf(claims: JWTPayload, rolesClaim: string): Actor {
  const { sub, organisation_id: organisationId } = claims;
  if (sub === undefined || !SUBJECT.test(sub)) {
    throw new InvalidToken('The token needs a pseudonymous subject: 1 to 200 visible ASCII characters without "@".');
  }
  const claimed = claims[rolesClaim];
  const roles = Array.isArray(claimed) ? claimed.filter(isRole) : [];
  if (organisationId === undefined) return { subject: sub, roles };
  if (typeof organisationId !== 'string' || !ORGANISATION_ID.test(organisationId)) {
    throw new InvalidToken('The claim organisation_id must be a UUID.');
  }
  return { subject: sub, roles, organisationId: organisationId.toLowerCase() };
}
