import type { RecordedEvent } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { type FieldOfActionEvent, fieldOfActionEvents } from '../field-of-action/field-of-action.events';
import { tafel } from '../organisation/organisation.given';
import {
  type FactsFrom,
  type OrganisationEvent,
  organisationEvents,
  type OrganisationKind,
} from '../organisation/organisation.events';
import type { Region } from '../region/region.events';
import { advice, free } from '../structure/structure.given';
import { type StructureEvent, structureEvents, type StructureFacts } from '../structure/structure.events';
import type { PresenceFilter } from './presence.read-model';

/** What was told, on which day and of what. */
export interface Told {
  readonly streamName: string;
  readonly on: string;
  readonly event: StructureEvent | OrganisationEvent | FieldOfActionEvent;
}

const BEGIN = '2020-01-01';
/** The day so many days after the one given, or else the first of all. */
export function dayAfter(days: number, day = BEGIN): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const organisations = [101, 102, 103, 104].map(uuid);
export const fieldKeys = ['orientation', 'housing', 'health', 'language', 'care', 'work'];

/** Each with the one that it lies in: Länder with and without Regierungsbezirk, city states, and one that has ended. */
export const regions: ReadonlyMap<string, Pick<Region, 'parentKey' | 'successorKeys'>> = new Map([
  ['09000000', {}],
  ['09100000', { parentKey: '09000000' }],
  ['09162000', { parentKey: '09100000' }],
  ['09184000', { parentKey: '09100000' }],
  ['09184148', { parentKey: '09184000' }],
  ['11000000', {}],
  ['04000000', {}],
  ['04011000', { parentKey: '04000000' }],
  ['04012000', { parentKey: '04000000' }],
  ['16000000', {}],
  ['16056000', { parentKey: '16000000', successorKeys: ['16063105'] }],
  ['16063000', { parentKey: '16000000' }],
  ['16063105', { parentKey: '16063000' }],
]);

type Scope = Pick<StructureFacts, 'fieldKeys' | 'regionKeys'>;

const ofStructure = (number: number, on: string, event: StructureEvent): Told => ({
  streamName: structureEvents.category.streamName(uuid(number)),
  on,
  event,
});
const ofOrganisation = (id: string, on: string, event: OrganisationEvent): Told => ({
  streamName: organisationEvents.category.streamName(id),
  on,
  event,
});
const said = (scope: Scope, operatingSince: string) => ({
  facts: { ...advice, name: 'Angebot', ...scope, operatingSince },
  minimumOperatingMonths: 12,
  gate: free,
});

export function applied(organisationId: string, name: string, kind: OrganisationKind = 'civil-society'): Told {
  const data = { organisationId, facts: { ...tafel, name, kind }, minimumOperatingMonths: 12, appliedBy: 'somebody' };
  return ofOrganisation(organisationId, BEGIN, { type: 'MembershipAppliedFor', data });
}
export function left(id: string, on: string): Told {
  return ofOrganisation(id, on, { type: 'OrganisationLeft', data: {} });
}
const factsFrom: FactsFrom = {
  name: 'survivor',
  kind: 'survivor',
  legalForm: 'survivor',
  operatingSince: 'survivor',
  regionKey: 'survivor',
  identifiers: 'both',
  fieldKeys: 'both',
  website: 'survivor',
  address: 'survivor',
  parentOrganisationId: 'survivor',
};
/** By the surviving organisation, which has this name and kind from now on. */
export function absorbed(id: string, other: string, name: string, kind: OrganisationKind, on: string): Told {
  const facts = { absorbedFacts: tafel, factsFrom, facts: { ...tafel, name, kind } };
  return ofOrganisation(id, on, {
    type: 'OrganisationAbsorbed',
    data: { organisationId: other, attempt: 1, ...facts },
  });
}
export function merged(id: string, intoOrganisationId: string, on: string): Told {
  const data = { attempt: 1, intoOrganisationId, fromStage: 'admitted' as const };
  return ofOrganisation(id, on, { type: 'OrganisationMerged', data });
}
/** By the surviving organisation, which has this name and kind from now on, and then by the other. */
export function undone(
  id: string,
  from: string,
  name: string,
  kind: OrganisationKind,
  on: string,
): readonly [Told, Told] {
  const facts = { ...tafel, name, kind };
  const undoing = { organisationId: id, attempt: 1, facts, reasonCode: 'mistake', undoneBy: 'somebody' };
  return [
    ofOrganisation(from, on, { type: 'AbsorptionUndone', data: undoing }),
    ofOrganisation(id, on, {
      type: 'MergeUndone',
      data: { attempt: 1, fromOrganisationId: from, toStage: 'admitted' },
    }),
  ];
}
export function recorded(number: number, organisationId: string, scope: Scope, since: string, on = since): Told {
  const identity = { structureId: uuid(number), organisationId, recordedBy: 'somebody' };
  return ofStructure(number, on, { type: 'StructureRecorded', data: { ...identity, ...said(scope, since) } });
}
export function revised(number: number, scope: Scope, on: string): Told {
  return ofStructure(number, on, {
    type: 'StructureRevised',
    data: { ...said(scope, BEGIN), revisedBy: 'somebody' },
  });
}
export function confirmed(number: number, on: string): Told {
  return ofStructure(number, on, { type: 'StructureConfirmed', data: { confirmedBy: 'somebody', gate: free } });
}
export function ended(number: number, on: string): Told {
  return ofStructure(number, on, { type: 'StructureEnded', data: { reasonCode: 'funding-ended' } });
}
export function retired(key: string, successorKeys: string[], on: string): Told {
  const event = { type: 'FieldOfActionRetired' as const, data: { key, validTo: on, successorKeys } };
  return { streamName: fieldOfActionEvents.category.streamName(key), on, event };
}
const field = (key: string, type: 'FieldOfActionAdded' | 'FieldOfActionRenamed', on: string): Told => ({
  streamName: fieldOfActionEvents.category.streamName(key),
  on,
  event: { type, data: { key, nameDe: key, nameEn: `${key} (${on})`, validFrom: BEGIN } },
});

export const fieldsAdded: readonly Told[] = fieldKeys.map((key) => field(key, 'FieldOfActionAdded', BEGIN));

/** As it lies in the log. */
export function inLog(told: readonly Told[]): readonly RecordedEvent[] {
  const revisions = new Map<string, bigint>();
  return told.map(({ streamName, on, event }, at) => {
    const revision = revisions.get(streamName) ?? 0n;
    revisions.set(streamName, revision + 1n);
    const ids = { eventId: uuid(at), commandId: uuid(at), correlationId: 'spec', causationId: 'spec' };
    const actor = { subject: 'somebody', roles: [] };
    const metadata = { ...ids, actor, occurredAt: `${on}T10:00:00.000Z`, schemaVersion: 1 };
    return { ...event, streamName, revision, position: { commit: BigInt(at), prepare: BigInt(at) }, metadata };
  });
}

const wish = fc.record({
  what: fc.constantFrom(
    ...(['record', 'record', 'record', 'record', 'revise', 'revise', 'confirm', 'end', 'propose'] as const),
    ...(['suspend', 'reinstate', 'leave', 'merge', 'merge', 'undo', 'succeed', 'succeed', 'rename'] as const),
  ),
  daysLater: fc.nat({ max: 30 }),
  organisation: fc.constantFrom(...organisations),
  other: fc.constantFrom(...organisations),
  structure: fc.nat({ max: 9 }),
  operatingForDays: fc.nat({ max: 400 }),
  fieldKeys: fc.subarray(fieldKeys, { minLength: 1, maxLength: 3 }),
  regionKeys: fc.subarray([...regions.keys()], { minLength: 1, maxLength: 5 }),
  kind: fc.constantFrom('civil-society' as const, 'company' as const),
});

/**
 * Whatever can happen to structures, organisations and fields, in one order. Also what the rules leave to the clock: a
 * structure that is recorded or revised at the instant at which its organisation leaves or is merged.
 */
export const history: fc.Arbitrary<readonly Told[]> = fc.array(wish, { minLength: 25, maxLength: 40 }).map((wishes) => {
  const told: Told[] = [
    ...organisations.map((id, at) => applied(id, `Verein ${at}`, at === 0 ? 'company' : 'civil-society')),
    ...fieldsAdded,
  ];
  const structures = new Map<number, 'there' | 'ended'>();
  const gone = new Set<string>();
  const mergedInto = new Map<string, string>();
  const retiredFields = new Set<string>();
  let days = 400;
  for (const { what, daysLater, organisation, other, structure, kind, ...more } of wishes) {
    days += daysLater;
    const on = dayAfter(days);
    const scope = { fieldKeys: more.fieldKeys, regionKeys: more.regionKeys };
    const isMember = (id: string) => !gone.has(id) && !mergedInto.has(id);
    const isThere = structures.get(structure) === 'there';
    switch (what) {
      case 'record':
        if (structures.has(structure)) break;
        told.push(recorded(structure, organisation, scope, dayAfter(days - more.operatingForDays), on));
        structures.set(structure, 'there');
        break;
      case 'revise':
        if (isThere) told.push(revised(structure, scope, on));
        break;
      case 'confirm':
        if (isThere) told.push(confirmed(structure, on));
        break;
      case 'end':
        if (isThere) told.push(ended(structure, on));
        if (isThere) structures.set(structure, 'ended');
        break;
      case 'propose': {
        const data = {
          structureId: uuid(90),
          organisationId: organisation,
          recordedBy: 'somebody',
          ...said(scope, on),
        };
        told.push(ofStructure(90, on, { type: 'StructureProposed', data }));
        break;
      }
      case 'suspend':
        told.push(ofOrganisation(organisation, on, { type: 'OrganisationSuspended', data: { reasonCode: 'overdue' } }));
        break;
      case 'reinstate':
        told.push(ofOrganisation(organisation, on, { type: 'OrganisationReinstated', data: {} }));
        break;
      case 'leave':
        if (!isMember(organisation)) break;
        told.push(left(organisation, on));
        gone.add(organisation);
        break;
      case 'merge':
        if (organisation === other || !isMember(organisation) || !isMember(other)) break;
        told.push(absorbed(other, organisation, `Verbund ${days}`, kind, on), merged(organisation, other, on));
        mergedInto.set(organisation, other);
        break;
      case 'undo': {
        const from = mergedInto.get(organisation);
        if (from === undefined || !isMember(from)) break;
        told.push(...undone(organisation, from, `Wieder allein ${days}`, kind, on));
        mergedInto.delete(organisation);
        break;
      }
      case 'succeed': {
        // By later ones only, so that none follows itself: split where there are several, merged where another had it.
        const [key, ...successorKeys] = more.fieldKeys;
        if (key === undefined || retiredFields.has(key) || successorKeys.length === 0) break;
        told.push(retired(key, successorKeys, on));
        retiredFields.add(key);
        break;
      }
      case 'rename':
        told.push(field(more.fieldKeys[0]!, 'FieldOfActionRenamed', on));
        break;
      default:
        what satisfies never;
    }
  }
  return told;
});

/** The rows that are to be found, by going through all that was told, again for each of them. */
export function present(
  told: readonly Told[],
  { asOf, field: wanted, within, kind }: PresenceFilter,
): readonly object[] {
  const follows = (key: string): boolean =>
    key === wanted ||
    told.some(
      ({ event }) =>
        event.type === 'FieldOfActionRetired' && event.data.key === key && event.data.successorKeys.some(follows),
    );
  const liesWithin = (key: string | undefined): boolean =>
    key !== undefined && (key === within || liesWithin(regions.get(key)?.parentKey));
  return told.flatMap(({ streamName, event: first }) => {
    if (first.type !== 'StructureRecorded') return [];
    const owner = ownerOf(told, first.data.organisationId);
    if (kind !== undefined && owner.organisationKind !== kind) return [];
    const ofIt = told.filter((one) => one.streamName === streamName);
    return ofIt.flatMap(({ event, on }, at) => {
      if (event.type !== 'StructureRecorded' && event.type !== 'StructureRevised') return [];
      const { name, service, targetGroups, operatingSince, ...facts } = event.data.facts;
      const presentFrom = event.type === 'StructureRecorded' || operatingSince > on ? operatingSince : on;
      const later = ofIt.slice(at + 1);
      const ends = later.filter((one) => ['StructureRevised', 'StructureEnded'].includes(one.event.type));
      const end = [...ends.map((one) => one.on), ...owner.leftOn].sort()[0];
      const presentUntil = end !== undefined && end < presentFrom ? presentFrom : end;
      if (presentFrom > asOf || (presentUntil !== undefined && presentUntil <= asOf)) return [];
      const isConfirmed = later.some((one) => one.event.type === 'StructureConfirmed');
      const status = presentUntil !== undefined ? 'ended' : isConfirmed ? 'confirmed' : 'recorded';
      const keys = facts.fieldKeys.filter((key) => wanted === undefined || follows(key));
      const places = facts.regionKeys.filter((key) => within === undefined || liesWithin(key));
      const { organisationId, organisationName, organisationKind } = owner;
      return keys.flatMap((fieldKey) =>
        places.map((regionKey) => ({
          ...{ structureId: first.data.structureId, structureName: name, service, targetGroups },
          ...{ organisationId, organisationName, organisationKind, fieldKey, regionKey },
          ...{ presentFrom, presentUntil: presentUntil ?? null, status },
        })),
      );
    });
  });
}

/** What the organisation counts as after all that was told, and the day on which that one left, if it did. */
function ownerOf(told: readonly Told[], id: string) {
  const ofIt = told.filter(({ streamName }) => streamName === organisationEvents.category.streamName(id));
  const events = ofIt.map(({ event }) => event);
  const lastMerge = events.findLast(({ type }) => type === 'OrganisationMerged' || type === 'MergeUndone');
  if (lastMerge?.type === 'OrganisationMerged') return ownerOf(told, lastMerge.data.intoOrganisationId);
  const stated = events.findLast((event) => 'facts' in event.data);
  const facts = (stated?.data as { facts: { name: string; kind: OrganisationKind } }).facts;
  const leftOn = ofIt.filter(({ event }) => event.type === 'OrganisationLeft').map(({ on }) => on);
  return { organisationId: id, organisationName: facts.name, organisationKind: facts.kind, leftOn };
}
