import { type Actor, refuse } from '@alliance/event-sourcing';
import { findSurvivors, idsCountingAs } from '@alliance/known-organisations';
import { RefusedError } from '@alliance/service-host';
import type { EntityManager } from 'typeorm';

/**
 * The organisation that the caller acts for: that of the token, or what it counts as since a merge. Throws 403 when it is
 * not one that the registry has admitted, or is suspended.
 */
export async function actingFor(tx: EntityManager, { organisationId }: Actor): Promise<string> {
  const own =
    organisationId === undefined ? undefined : (await findSurvivors(tx, [organisationId])).get(organisationId);
  if (own?.status === 'admitted') return own.id;
  const standing = own === undefined ? 'not known to the registry' : own.status;
  const detail = `Only organisations that the registry has admitted take part; the caller’s is ${standing}.`;
  throw new RefusedError(refuse('forbidden', 'ORGANISATION_NOT_ADMITTED', detail));
}

/** Whether the caller acts for that organisation, under whichever of its ids since merges; suspended ones too. */
export async function isOwn(tx: EntityManager, { organisationId }: Actor, other: string): Promise<boolean> {
  if (organisationId === undefined) return false;
  if (organisationId === other) return true;
  const survivors = await findSurvivors(tx, [organisationId, other]);
  const [own, its] = [survivors.get(organisationId)?.id, survivors.get(other)?.id];
  return own !== undefined && own === its;
}

/** Every id of the organisation since merges, whichever of them is named. */
export async function everyIdOf(tx: EntityManager, organisationId: string): Promise<readonly string[]> {
  const survivor = (await findSurvivors(tx, [organisationId])).get(organisationId);
  return idsCountingAs(tx, [survivor?.id ?? organisationId]);
}

/** Throws 403 unless the caller is a coordinator or acts for that organisation. */
export async function demandOwn(tx: EntityManager, actor: Actor, organisationId: string): Promise<void> {
  if (actor.roles.includes('coordinator') || (await isOwn(tx, actor, organisationId))) return;
  const detail = 'Representatives act for their own organisation only.';
  throw new RefusedError(refuse('forbidden', 'NOT_YOUR_ORGANISATION', detail));
}
