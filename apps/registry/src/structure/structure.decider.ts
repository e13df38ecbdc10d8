import { type Aggregate, type Command, type CommandContext, type Refusal, refuse } from '@alliance/event-sourcing';
import { operatingFault } from '../operating-rule';
import type { Evidence } from '../organisation/organisation.events';
import {
  type Capacity,
  type DataOf,
  type GateFinding,
  type StructureEvent,
  structureEvents,
  type StructureFacts,
} from './structure.events';

/** What is said of a structure, and what the gate against double structures found when it was asked about it. */
interface Statement {
  readonly facts: StructureFacts;
  readonly sustainablySetUp?: Evidence;
  readonly minimumOperatingMonths: number;
  readonly gate: GateFinding;
  /** Why it is no double structure, although others overlap. */
  readonly reason?: string;
}

type Amount = Omit<Capacity, 'assuredAt'>;

type RecordStructure = Command<
  'RecordStructure',
  Statement & {
    readonly structureId: string;
    readonly organisationId: string;
    /** Whether the organisation, by its own stream, is admitted at present. */
    readonly organisationIsMember: boolean;
    readonly capacity?: Amount;
  }
>;

/** To a structure that is there. */
export type StructureChange =
  | Command<'ConsentToProposal', { readonly gate: GateFinding }>
  | Command<'WithdrawProposal', { readonly reasonCode: string }>
  | Command<'ConfirmStructure', { readonly gate: GateFinding; readonly reason?: string }>
  | Command<'ReviseStructure', Statement>
  | Command<'AssureCapacity', Amount>
  | Command<'EndStructure', { readonly reasonCode: string }>;

/** Whose the structure is at present, by the log: of its organisation or, after merges, of the surviving one. */
interface Owned {
  readonly ownerId: string;
}

type Change = StructureChange & Owned;
export type StructureCommand = RecordStructure | Change;

type Recorded = Omit<DataOf<'StructureRecorded'>, 'consentedBy'>;
type Revision = DataOf<'RevisionProposed'>;

/** `statedBy` is who said the present facts: who recorded it, or who last revised it. */
type Known = Recorded & { readonly statedBy: string };

export type StructureState =
  | { readonly stage: 'none' }
  | (Known & { readonly stage: 'proposed' })
  | (Known & { readonly stage: 'withdrawn' })
  | (Known & { readonly stage: 'recorded'; readonly proposedRevision?: Revision })
  | (Known & { readonly stage: 'confirmed'; readonly proposedRevision?: Revision })
  | (Known & { readonly stage: 'ended' });

type Stage = StructureState['stage'];
type Decision = readonly StructureEvent[] | Refusal;

export const structure: Aggregate<StructureCommand, StructureState, StructureEvent> = {
  catalogue: structureEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: StructureCommand, state: StructureState): Decision {
  const { context } = command;
  if (command.type === 'RecordStructure') {
    if (state.stage !== 'none') return refuse('conflict', 'STRUCTURE_ALREADY_RECORDED', 'The structure is recorded.');
    return record(command.data, context);
  }
  if (state.stage === 'none') return refuse('not-found', 'STRUCTURE_UNKNOWN', 'There is no such structure.');
  const { subject } = context.actor;
  const { ownerId } = command;

  switch (command.type) {
    case 'ConsentToProposal':
      return consent(command, state);

    case 'WithdrawProposal':
      if (!actsFor(context, ownerId)) return notYours();
      if (state.stage === 'withdrawn') return [];
      if (proposalOf(state) === undefined) return nothingProposed();
      return [{ type: 'ProposalWithdrawn', data: command.data }];

    case 'ConfirmStructure': {
      if (state.stage === 'confirmed') return [];
      if (state.stage !== 'recorded') return wrongStage(state.stage, 'recorded');
      if (isInterested(command, state, state.recordedBy, state.statedBy)) return decidedByInterested();
      const { gate, reason } = command.data;
      const unseen = unseenIn(state.gate, gate);
      if (unseen.length > 0 && reason === undefined) {
        const detail =
          'Structures overlap that did not, or less, when this one was recorded; confirm it with the reason why it is no double structure, or let one join the other.';
        return refuse('conflict', 'STRUCTURE_OVERLAPS_UNSEEN', detail, { overlaps: unseen });
      }
      return [
        { type: 'StructureConfirmed', data: { confirmedBy: subject, gate, ...(reason !== undefined && { reason }) } },
      ];
    }

    case 'ReviseStructure': {
      if (!actsFor(context, ownerId)) return notYours();
      if (state.stage !== 'recorded' && state.stage !== 'confirmed') {
        return wrongStage(state.stage, 'recorded', 'confirmed');
      }
      const facts = inOneOrder(command.data.facts);
      if (areSame(facts, state.facts)) return [];
      const { sustainablySetUp = state.sustainablySetUp, minimumOperatingMonths, gate, reason } = command.data;
      const proof = { sustainablySetUp, minimumOperatingMonths };
      const fault = operatingFault('STRUCTURE', { ...facts, ...proof }, context.at) ?? gateFault(gate, reason);
      if (fault !== undefined) return fault;
      const data = { facts, ...proof, gate, reason, revisedBy: subject };
      return [{ type: gate.demands === 'consent' ? 'RevisionProposed' : 'StructureRevised', data: defined(data) }];
    }

    case 'AssureCapacity':
      if (!actsFor(context, ownerId)) return notYours();
      if (state.stage !== 'recorded' && state.stage !== 'confirmed') {
        return wrongStage(state.stage, 'recorded', 'confirmed');
      }
      return [{ type: 'CapacityAssured', data: { capacity: { ...command.data, assuredAt: context.at } } }];

    case 'EndStructure':
      if (!actsFor(context, ownerId)) return notYours();
      if (state.stage === 'ended') return [];
      if (state.stage !== 'recorded' && state.stage !== 'confirmed') {
        return wrongStage(state.stage, 'recorded', 'confirmed');
      }
      return [{ type: 'StructureEnded', data: command.data }];

    default:
      return command satisfies never;
  }
}

function record(data: RecordStructure['data'], context: CommandContext): Decision {
  const { organisationIsMember, capacity, reason, ...said } = data;
  if (!actsFor(context, data.organisationId)) return notYours();
  if (!organisationIsMember) {
    const detail = 'Structures are recorded for organisations that are admitted to the alliance and not suspended.';
    return refuse('conflict', 'STRUCTURE_ORGANISATION_NOT_ADMITTED', detail, { organisationId: data.organisationId });
  }
  const facts = inOneOrder(data.facts);
  const fault =
    operatingFault('STRUCTURE', { ...data, operatingSince: facts.operatingSince }, context.at) ??
    gateFault(data.gate, reason);
  if (fault !== undefined) return fault;
  const recorded = {
    ...said,
    facts,
    capacity: capacity && { ...capacity, assuredAt: context.at },
    reason,
    recordedBy: context.actor.subject,
  };
  return [
    { type: data.gate.demands === 'consent' ? 'StructureProposed' : 'StructureRecorded', data: defined(recorded) },
  ];
}

function consent(
  command: Extract<Change, { type: 'ConsentToProposal' }>,
  state: Exclude<StructureState, { stage: 'none' }>,
): Decision {
  const proposal = proposalOf(state);
  if (proposal === undefined) return nothingProposed();
  const proposedBy = 'revisedBy' in proposal ? proposal.revisedBy : proposal.recordedBy;
  if (isInterested(command, state, proposedBy)) return decidedByInterested();
  const unseen = unseenIn(proposal.gate, command.data.gate);
  if (unseen.length > 0) {
    const detail =
      'Since it was proposed, structures came to overlap with it, or overlap more; it is to be proposed anew, with a reason that holds for them too, or to join one of them.';
    return refuse('conflict', 'STRUCTURE_OVERLAPS_CHANGED', detail, { overlaps: unseen });
  }
  const consentedBy = command.context.actor.subject;
  return 'revisedBy' in proposal
    ? [{ type: 'StructureRevised', data: { ...proposal, consentedBy } }]
    : [{ type: 'StructureRecorded', data: { ...proposal, consentedBy } }];
}

/** What overlaps now and did not, or less, when the gate was asked before. */
function unseenIn(before: GateFinding, now: GateFinding): GateFinding['overlaps'] {
  const seen = new Map(before.overlaps.map(({ structureId, score }) => [structureId, score]));
  return now.overlaps.filter(({ structureId, score }) => score > (seen.get(structureId) ?? 0));
}

/** What waits for the consent of a second person. */
export function proposalOf(state: StructureState): Recorded | Revision | undefined {
  switch (state.stage) {
    case 'proposed': {
      const { stage: _stage, statedBy: _statedBy, ...proposal } = state;
      return proposal;
    }
    case 'recorded':
    case 'confirmed':
      return state.proposedRevision;
    case 'none':
    case 'withdrawn':
    case 'ended':
      return undefined;
    default:
      return state satisfies never;
  }
}

/** Going on beside structures that overlap needs a reason, also where it needs the consent of a second person besides. */
function gateFault(gate: GateFinding, reason: string | undefined): Refusal | undefined {
  if (gate.demands === 'nothing' || reason !== undefined) return undefined;
  const [most] = gate.overlaps;
  const join = most && `${most.name}${most.organisationName === undefined ? '' : ` of ${most.organisationName}`}`;
  const detail = `There are structures that overlap with it; join ${join}, or give a reason why it is no double structure.`;
  return refuse('conflict', 'STRUCTURE_OVERLAPS', detail, { ...gate });
}

/** Coordinators act for any organisation; everyone else for the one they represent. */
function actsFor({ actor }: CommandContext, organisationId: string): boolean {
  return actor.roles.includes('coordinator') || actor.organisationId === organisationId;
}

/** No one decides on what they have said themselves, nor on what their own organisation has. */
function isInterested(
  { context: { actor }, ownerId }: Change,
  { organisationId }: Known,
  ...saidBy: readonly string[]
): boolean {
  return saidBy.includes(actor.subject) || [organisationId, ownerId].some((id) => id === actor.organisationId);
}

function notYours(): Refusal {
  return refuse('forbidden', 'STRUCTURE_NOT_YOURS', 'A representative acts for their own organisation only.');
}

function decidedByInterested(): Refusal {
  const detail = 'Somebody else decides than who recorded or revised it, and nobody of the same organisation.';
  return refuse('forbidden', 'STRUCTURE_DECIDED_BY_INTERESTED', detail);
}

function nothingProposed(): Refusal {
  return refuse('conflict', 'STRUCTURE_NOTHING_PROPOSED', 'Nothing of this structure waits for consent.');
}

function wrongStage(stage: Stage, ...needed: readonly Stage[]): Refusal {
  const detail = `The structure would have to be ${needed.join(' or ')}; it is ${stage}.`;
  return refuse('conflict', 'STRUCTURE_WRONG_STAGE', detail, { stage, needed });
}

/** Each key once and in order, so that the same facts are the same text. */
function inOneOrder(facts: StructureFacts): StructureFacts {
  const { name, fieldKeys, regionKeys, targetGroups, service, operatingSince } = facts;
  return {
    name,
    fieldKeys: [...new Set(fieldKeys)].sort(),
    regionKeys: [...new Set(regionKeys)].sort(),
    targetGroups: [...new Set(targetGroups)].sort(),
    service,
    operatingSince,
  };
}

function areSame(a: StructureFacts, b: StructureFacts): boolean {
  return JSON.stringify(inOneOrder(a)) === JSON.stringify(inOneOrder(b));
}

/** Without properties that are `undefined`, which an event does not have. */
function defined<Data extends object>(data: Data): Data {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as Data;
}

function evolve(state: StructureState, event: StructureEvent): StructureState {
  if (event.type === 'StructureProposed') return { stage: 'proposed', ...event.data, statedBy: event.data.recordedBy };
  if (event.type === 'StructureRecorded') {
    const { consentedBy: _consentedBy, ...recorded } = event.data;
    return { stage: 'recorded', ...recorded, statedBy: recorded.recordedBy };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before StructureRecorded.`);
  switch (event.type) {
    case 'StructureConfirmed':
      return { ...state, stage: 'confirmed' };
    case 'RevisionProposed':
      return state.stage === 'recorded' || state.stage === 'confirmed'
        ? { ...state, proposedRevision: event.data }
        : state;
    case 'StructureRevised': {
      const { facts, sustainablySetUp, minimumOperatingMonths, gate, reason, revisedBy } = event.data;
      const revised = { facts, sustainablySetUp, minimumOperatingMonths, gate, reason, statedBy: revisedBy };
      return { ...state, ...revised, stage: 'recorded', proposedRevision: undefined };
    }
    case 'ProposalWithdrawn':
      return state.stage === 'recorded' || state.stage === 'confirmed'
        ? { ...state, proposedRevision: undefined }
        : { ...state, stage: 'withdrawn' };
    case 'CapacityAssured':
      return { ...state, capacity: event.data.capacity };
    case 'StructureEnded':
      return { ...state, stage: 'ended' };
    default:
      return event satisfies never;
  }
}
