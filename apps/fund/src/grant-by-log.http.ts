import type { Actor } from '@alliance/event-sourcing';
import { findSurvivors, idsCountingAs, KnownOrganisation } from '@alliance/known-organisations';
import { type CommandHandler, notFound, ProblemError } from '@alliance/service-host';
import { type EntityManager, In } from 'typeorm';
import type { Member } from './call/call.events';
import { type Conflicts, conflictsFrom, type Person, personOf } from './conflicts';
import { type Access, accessTo } from './content-access';
import { callPanel, type GrantFacts, grantFacts } from './grant-facts';
import type { Currency, Money } from './money';
import { committedTo, pot } from './pot/pot.decider';
import { neverTold, toldStandings } from './recipient-standing/told-standing.read-model';
import type { StandingState } from './standing';

/**
 * What may be shown of a grant, and who stands how to it, is asked of the log, which cannot lag behind a declaration
 * or a decision. Only what the registry has told lies in a read model.
 */
export type Log = Pick<CommandHandler, 'load'>;

/** Refuses with 404 where there is no such grant. */
export async function grantByLog(log: Log, grantId: string): Promise<GrantFacts> {
  const { state } = await log.load(grantFacts, grantId);
  if (state === undefined) throw grantUnknown();
  return state;
}

/** Who may be asked for a review, and by whom they are employed; nobody where there is no such call. */
async function panelByLog(log: Log, callId: string): Promise<readonly Member[]> {
  const { state } = await log.load(callPanel, callId);
  return state ?? [];
}

/** What the pot is in; `undefined` where there is no such pot. */
export async function currencyOfPot(log: Log, potId: string): Promise<Currency | undefined> {
  const { state } = await log.load(pot, potId);
  return state.stage === 'none' ? undefined : state.currency;
}

/** How the organisation stands today, after merges that which it counts as; `unknown` until the registry has told of it. */
export async function recipientNow(tx: EntityManager, organisationId: string): Promise<StandingState> {
  const told = await toldStandings(tx, [organisationId]);
  return told.get(organisationId) ?? neverTold(organisationId);
}

/**
 * The organisations with an interest of their own in the grant, under every id that they have had: who applies, who has
 * given to the pot, and who belongs to the applicant, to its parent, or is that parent.
 */
export async function interestedIn(
  log: Log,
  tx: EntityManager,
  { applicantOrganisationId, potId }: Pick<GrantFacts, 'applicantOrganisationId' | 'potId'>,
): Promise<readonly string[]> {
  const { state } = await log.load(pot, potId);
  const contributions = state.stage === 'none' ? [] : [...state.contributions.values()];
  const applicantIds = await allIdsOf(tx, [applicantOrganisationId]);
  const named = await tx.findBy(KnownOrganisation, { id: In([...applicantIds]) });
  const parents = named.flatMap(({ parentId }) => parentId ?? []);
  const heads = await allIdsOf(tx, [...applicantIds, ...parents]);
  const members = await tx.find(KnownOrganisation, { select: { id: true }, where: { parentId: In([...heads]) } });
  const donors = contributions.map(({ donorOrganisationId }) => donorOrganisationId);
  return [...(await allIdsOf(tx, [...heads, ...members.map(({ id }) => id), ...donors]))].sort();
}

/** What the grant's pot holds for it, by the log. */
export async function committedByLog(log: Log, grantId: string, { potId, currency }: GrantFacts): Promise<Money> {
  const { state } = await log.load(pot, potId);
  return state.stage === 'none' ? { cents: 0, currency } : committedTo(state, grantId);
}

/** How somebody stands to a grant. */
export interface Standpoint {
  readonly facts: GrantFacts;
  readonly person: Person;
  readonly panel: readonly Member[];
  readonly conflicts: Conflicts;
  readonly access: Access;
}

/** Refuses with 404 where there is no such grant, and where the actor is not to know that there is. */
export async function standpointOf(log: Log, tx: EntityManager, actor: Actor, grantId: string): Promise<Standpoint> {
  const facts = await grantByLog(log, grantId);
  const [panel, interested, applicantIds] = await Promise.all([
    panelByLog(log, facts.callId),
    interestedIn(log, tx, facts),
    allIdsOf(tx, [facts.applicantOrganisationId]),
  ]);
  const person = personOf(actor, panel);
  const conflicts = conflictsFrom(facts.declared, interested);
  const access = accessTo(actor, person, { conflicts, applicantIds: [...applicantIds] });
  if (access === 'nothing') throw grantUnknown();
  return { facts, person, panel, conflicts, access };
}

/** The same, and refuses with 403 who is to see less of it than `content`, or `own` where applicants may see it too. */
export async function demandAccess(
  log: Log,
  tx: EntityManager,
  actor: Actor,
  grantId: string,
  enough: 'content' | 'own' = 'content',
): Promise<Standpoint> {
  const standpoint = await standpointOf(log, tx, actor, grantId);
  if (standpoint.access === 'content' || standpoint.access === enough) return standpoint;
  const detail =
    'Its content is for those who have declared to have no conflict of interest in it, and have none; declare first.';
  throw new ProblemError(403, 'GRANT_CONTENT_CLOSED', detail);
}

/** What a list knows of a grant that tells who may see it. */
interface ListedGrant {
  readonly applicantId: string;
  readonly callId: string;
  readonly potId: string;
  /** Who has declared a conflict of interest. */
  readonly conflicted: readonly string[];
}

/**
 * How much the grants of a list show to the actor. Nobody counts as cleared there: whoever judges sees the content of one
 * grant at a time. What one grant has asked for is kept for those after it.
 */
export function listAccess(log: Log, tx: EntityManager, actor: Actor): (grant: ListedGrant) => Promise<Access> {
  const ownIds = actor.organisationId === undefined ? undefined : allIdsOf(tx, [actor.organisationId]);
  const panels = new Map<string, Promise<readonly Member[]>>();
  const interested = new Map<string, Promise<readonly string[]>>();
  return async ({ applicantId, callId, potId, conflicted }) => {
    const person = personOf(actor, await kept(panels, callId, () => panelByLog(log, callId)));
    const facts = { applicantOrganisationId: applicantId, potId };
    const ask = () => interestedIn(log, tx, facts);
    const isEmployed = person.organisationIds.length > 0;
    const interestedOrganisationIds = isEmployed ? await kept(interested, `${applicantId} ${potId}`, ask) : [];
    const own = (await ownIds) ?? new Set();
    return accessTo(actor, person, {
      conflicts: { cleared: [], declared: conflicted, interestedOrganisationIds },
      applicantIds: own.has(applicantId) ? [...own] : [],
    });
  };
}

function kept<Value>(values: Map<string, Promise<Value>>, key: string, ask: () => Promise<Value>): Promise<Value> {
  const value = values.get(key) ?? ask();
  values.set(key, value);
  return value;
}

/** Under every id: of the record that each counts as now, and of all that count as that one. */
export async function allIdsOf(tx: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const survivors = await findSurvivors(tx, ids);
  return new Set(await idsCountingAs(tx, [...ids, ...[...survivors.values()].map(({ id }) => id)]));
}

export function grantUnknown(): ProblemError {
  return notFound('GRANT_UNKNOWN', 'There is no such grant.');
}
