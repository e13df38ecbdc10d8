import { type Actor, type Command, type Refusal, refuse } from '@alliance/event-sourcing';
import type { Identifier } from '../identifier';
import {
  type FactsFrom,
  mergeableStages,
  mostFields,
  mostIdentifiers,
  type OrganisationEvent,
  type OrganisationFacts,
} from './organisation.events';
import {
  type Absorbed,
  decidedByApplicant,
  isMergeable,
  type OrganisationState,
  registrationsOf,
  wrongStage,
} from './organisation-state';

/** Of grants, to either of the two organisations, that were requested and are not settled. */
interface Payments {
  readonly pendingPayments: readonly string[];
}
interface Why {
  readonly reasonCode: string;
  readonly note?: string;
}

/**
 * A merge is a process over the streams of two organisations. The one that goes is reserved (`MergeIntoOrganisation`),
 * the surviving one decides once and for all (`AbsorbOrganisation`, `UndoMerge`), the other follows what it has decided.
 */
export type MergeCommand =
  /** To the one that goes. */
  | Command<'MergeIntoOrganisation', { readonly into: string; readonly factsFrom: FactsFrom } & Payments & Why>
  | Command<'CompleteMerge', { readonly attempt: number }>
  | Command<'BlockMerge', { readonly attempt: number; readonly code: string; readonly detail: string }>
  | Command<'RestoreOrganisation', { readonly attempt: number }>
  /** To the surviving one. `taken` is an identifier that would become its own, and is another one's. */
  | Command<'AbsorbOrganisation', Absorbed & { readonly taken?: { identifier: Identifier; heldBy: string } }>
  | Command<'UndoMerge', { readonly organisationId: string } & Payments & Why>;

type Merge = Extract<MergeCommand, { type: 'MergeIntoOrganisation' }>;
type Absorb = Extract<MergeCommand, { type: 'AbsorbOrganisation' }>;
type Existing = Exclude<OrganisationState, { stage: 'none' }>;

/** Decides what an organisation that has applied does in a merge. */
export function decideMerge(command: MergeCommand, state: Existing): readonly OrganisationEvent[] | Refusal {
  const { actor } = command.context;
  switch (command.type) {
    case 'MergeIntoOrganisation': {
      const { into, factsFrom, reasonCode, note } = command.data;
      if (isAlreadySo(state, command)) return [];
      const [refusal] = reasonsAgainstMerging(state, command.data, actor);
      if (refusal !== undefined) return refusal;
      const why = { reasonCode, ...(note !== undefined && { note }), decidedBy: actor.subject };
      const attempt = state.attempts + 1;
      return [{ type: 'MergeDecided', data: { attempt, intoOrganisationId: into, factsFrom, ...why } }];
    }

    case 'CompleteMerge':
    case 'BlockMerge': {
      const { attempt } = command.data;
      if (state.stage !== 'merging' || attempt !== state.attempts) return [];
      const { into: intoOrganisationId, before } = state.merge;
      return command.type === 'CompleteMerge'
        ? [{ type: 'OrganisationMerged', data: { attempt, intoOrganisationId, fromStage: before.stage } }]
        : [{ type: 'MergeBlocked', data: { ...command.data, intoOrganisationId } }];
    }

    case 'RestoreOrganisation': {
      const { attempt } = command.data;
      if (state.stage !== 'merged' || attempt !== state.attempts) return [];
      const { into: fromOrganisationId, before } = state.merge;
      return [{ type: 'MergeUndone', data: { attempt, fromOrganisationId, toStage: before.stage } }];
    }

    case 'AbsorbOrganisation': {
      const { organisationId, attempt, facts: absorbedFacts, factsFrom } = command.data;
      const facts = survivingFacts(state, [...state.absorbed, command.data]);
      const refusal = reasonAgainstSurviving(state) ?? identifierTaken(command.data) ?? faultOf(facts);
      // A refusal is recorded, since another run of the process may come a moment later and would be let pass.
      if (refusal !== undefined) {
        const { code, detail } = refusal;
        return [{ type: 'AbsorptionDeclined', data: { organisationId, attempt, code, detail } }];
      }
      return [{ type: 'OrganisationAbsorbed', data: { organisationId, attempt, absorbedFacts, factsFrom, facts } }];
    }

    case 'UndoMerge': {
      const { organisationId, pendingPayments, reasonCode, note } = command.data;
      const undone = state.absorbed.find((one) => one.organisationId === organisationId);
      if (undone === undefined) {
        return refuse('conflict', 'ORGANISATION_NOT_MERGED', 'The one organisation is not merged into the other.');
      }
      const rest = state.absorbed.filter((one) => one !== undone);
      const facts = survivingFacts(state, rest);
      const refusal = reasonAgainstSurviving(state) ?? paymentPending(pendingPayments) ?? faultOf(facts);
      if (refusal !== undefined) return refusal;
      const why = { reasonCode, ...(note !== undefined && { note }), undoneBy: actor.subject };
      return [{ type: 'AbsorptionUndone', data: { organisationId, attempt: undone.attempt, facts, ...why } }];
    }

    default:
      return command satisfies never;
  }
}

/** All that forbids the organisation to go into the other one. */
export function reasonsAgainstMerging(
  state: Existing,
  { into, pendingPayments }: { readonly into: string } & Payments,
  actor: Actor,
): readonly Refusal[] {
  return [
    into === state.organisationId ? mergedIntoItself() : undefined,
    // One that is suspended would escape by being merged; the other can be merged into it.
    isMergeable(state) ? undefined : wrongStage(state, ...mergeableStages),
    state.stage !== 'admitted' && actor.subject === state.appliedBy ? decidedByApplicant() : undefined,
    paymentPending(pendingPayments),
  ].filter((reason) => reason !== undefined);
}

/** Why others cannot be merged into the organisation, nor be separated from it. */
export function reasonAgainstSurviving(state: Existing): Refusal | undefined {
  if (state.stage === 'admitted' || state.stage === 'suspended') return undefined;
  return refuse(
    'conflict',
    'ORGANISATION_SURVIVOR_NOT_MEMBER',
    `The surviving organisation would have to be a member, admitted or suspended; it is ${state.stage}.`,
    { stage: state.stage, ...(state.stage === 'merged' && { mergedInto: state.merge.into }) },
  );
}

/** The facts of a record over which others were merged, one after the other. */
function survivingFacts({ organisationId, ownFacts }: Existing, absorbed: readonly Absorbed[]): OrganisationFacts {
  const { parentOrganisationId: parent, ...others } = absorbed.reduce((survivor, { facts, factsFrom }) => {
    const { identifiers, fieldKeys, ...single } = factsFrom;
    const records = { survivor, absorbed: facts };
    const chosen = Object.entries(single).flatMap(([fact, side]) => {
      const value = records[side][fact as keyof typeof single];
      return value === undefined ? [] : [[fact, value] as const];
    });
    const listed = <Item>(from: typeof identifiers, ofSurvivor: readonly Item[], ofAbsorbed: readonly Item[]) =>
      from === 'both' ? [...ofSurvivor, ...ofAbsorbed] : [...(from === 'survivor' ? ofSurvivor : ofAbsorbed)];
    return {
      ...(Object.fromEntries(chosen) as Omit<OrganisationFacts, 'identifiers' | 'fieldKeys'>),
      identifiers: [...registrationsOf(listed(identifiers, survivor.identifiers, facts.identifiers)).values()],
      fieldKeys: [...new Set(listed(fieldKeys, survivor.fieldKeys, facts.fieldKeys))],
    };
  }, ownFacts);
  // Who was its parent, or its branch, is now the organisation itself, which is no part of itself.
  const isItself = parent === organisationId || absorbed.some((one) => one.organisationId === parent);
  return parent === undefined || isItself ? others : { ...others, parentOrganisationId: parent };
}

/** Why these facts cannot be those of one organisation. */
function faultOf({ kind, identifiers, fieldKeys }: OrganisationFacts): Refusal | undefined {
  if (kind !== 'public-body' && identifiers.some(({ scheme }) => scheme === 'ags')) {
    const detail = 'Only a public body is identified by the AGS of its territory: kind and identifiers do not match.';
    return refuse('unprocessable', 'ORGANISATION_IDENTIFIER_INVALID', detail, { kind });
  }
  if (identifiers.length <= mostIdentifiers && fieldKeys.length <= mostFields) return undefined;
  return refuse(
    'unprocessable',
    'ORGANISATION_RECORD_TOO_LARGE',
    `A record has ${mostIdentifiers} identifiers and ${mostFields} fields of action at most; take them from one of the two.`,
    { identifiers: identifiers.length, fieldKeys: fieldKeys.length },
  );
}

function isAlreadySo(state: Existing, { data }: Merge): boolean {
  if (state.stage !== 'merging' && state.stage !== 'merged') return false;
  const { into, factsFrom } = state.merge;
  const facts = Object.keys(factsFrom) as (keyof FactsFrom)[];
  return into === data.into && facts.every((fact) => factsFrom[fact] === data.factsFrom[fact]);
}

function mergedIntoItself(): Refusal {
  return refuse(
    'unprocessable',
    'ORGANISATION_MERGED_INTO_ITSELF',
    'An organisation is merged into another one, not into itself.',
  );
}

function paymentPending(pendingPayments: readonly string[]): Refusal | undefined {
  if (pendingPayments.length === 0) return undefined;
  return refuse(
    'conflict',
    'ORGANISATION_PAYMENT_PENDING',
    'A payment of a grant to one of the two organisations is pending; once it is settled, they can be merged or separated.',
    { pendingPayments },
  );
}

function identifierTaken({ taken }: Absorb['data']): Refusal | undefined {
  if (taken === undefined) return undefined;
  return refuse(
    'conflict',
    'ORGANISATION_IDENTIFIER_TAKEN',
    `A third organisation of the alliance, ${taken.heldBy}, is registered under an identifier that the survivor would take.`,
    taken,
  );
}
