import { dayOf } from '@alliance/calendar';
import { type Aggregate, type Command, type CommandContext, type Refusal, refuse } from '@alliance/event-sourcing';
import { type AssuranceEvent, assuranceEvents, type Assurer } from './assurance.events';
import { type Ageing, type FactKind, type RecordType, reminderOn, staleOn } from './freshness';

/** A certain assurance of a fact, and the rule by which it ages. */
interface AgedAssurance {
  readonly kind: FactKind;
  readonly assuredAt: string;
  readonly ageing: Ageing;
}

/** What follows from an event of the record itself. */
interface SaidByRecording {
  readonly kinds: readonly FactKind[];
  readonly assuredAt: string;
  readonly role: Assurer['role'];
}

export type AssuranceCommand =
  /** Whoever records or admits a thing assures its facts by that. */
  | Command<'KeepFacts', SaidByRecording & { readonly recordType: RecordType; readonly organisationId: string }>
  /** And so does who changes or confirms it. */
  | Command<'RenewFacts', SaidByRecording>
  | Command<
      'AssureFacts',
      {
        readonly kinds: readonly FactKind[];
        readonly standing?: boolean;
        /** The organisations for which a representative acts. */
        readonly represented: readonly string[];
      }
    >
  | Command<'RemindOfFact', AgedAssurance>
  | Command<'MarkFactStale', AgedAssurance>
  | Command<'RetireFacts', Record<string, never>>;

interface KeptFact {
  readonly assuredAt: string;
  readonly standing: boolean;
  readonly remindedAt?: string;
  readonly isStale: boolean;
}

export type AssuranceState =
  | { readonly stage: 'none' }
  | {
      readonly stage: 'kept';
      readonly recordType: RecordType;
      readonly organisationId: string;
      /** Empty when all have been retired. */
      readonly facts: ReadonlyMap<FactKind, KeptFact>;
    };

export const assurance: Aggregate<AssuranceCommand, AssuranceState, AssuranceEvent> = {
  catalogue: assuranceEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

type Kept = Extract<AssuranceState, { stage: 'kept' }>;
type DataOf<Type extends AssuranceCommand['type']> = Extract<AssuranceCommand, { type: Type }>['data'];

function decide(command: AssuranceCommand, state: AssuranceState): readonly AssuranceEvent[] | Refusal {
  if (command.type === 'KeepFacts') {
    const { recordType, organisationId, ...said } = command.data;
    return keep(said, { recordType, organisationId }, state);
  }
  if (command.type === 'AssureFacts') {
    return state.stage === 'none' || state.facts.size === 0
      ? refuse('not-found', 'ASSURANCE_UNKNOWN', 'The registry keeps no facts that age under this id.')
      : assure(command.data, command.context, state);
  }
  if (state.stage === 'none') return [];

  switch (command.type) {
    case 'RenewFacts':
      return keep(command.data, ownerOf(state), state);
    case 'RemindOfFact': {
      const { kind, assuredAt, ageing } = command.data;
      const fact = ageingFact(command.data, state);
      const { at: remindedAt } = command.context;
      if (fact === undefined || fact.remindedAt !== undefined) return [];
      if (dayOf(remindedAt) < reminderOn(assuredAt, ageing)) return [];
      const { halfLifeDays } = ageing;
      const data = { assuredAt, halfLifeDays, remindedAt, staleOn: staleOn(assuredAt, remindedAt, ageing) };
      return [{ type: 'ReminderFellDue', data: { ...ownerOf(state), kind, ...data } }];
    }
    case 'MarkFactStale': {
      const { kind, assuredAt, ageing } = command.data;
      const fact = ageingFact(command.data, state);
      if (fact?.remindedAt === undefined || fact.isStale) return [];
      if (dayOf(command.context.at) < staleOn(assuredAt, fact.remindedAt, ageing)) return [];
      const { halfLifeDays } = ageing;
      return [{ type: 'FactMarkedStale', data: { ...ownerOf(state), kind, assuredAt, halfLifeDays } }];
    }
    case 'RetireFacts':
      return [...state.facts.keys()].map((kind) => ({ type: 'FactRetired', data: { ...ownerOf(state), kind } }));
    default:
      return command satisfies never;
  }
}

/** What comes late never takes back what was assured after it. */
function keep(
  { kinds, assuredAt, role }: SaidByRecording,
  owner: Owner,
  state: AssuranceState,
): readonly AssuranceEvent[] {
  const assuredBy = assurer(role, owner);
  return kinds.flatMap((kind): readonly AssuranceEvent[] => {
    const known = state.stage === 'none' ? undefined : state.facts.get(kind);
    if (known !== undefined && known.assuredAt >= assuredAt) return [];
    return [
      { type: 'FactAssured', data: { ...owner, kind, assuredAt, assuredBy, standing: known?.standing ?? false } },
    ];
  });
}

function assure(
  { kinds, standing, represented }: DataOf<'AssureFacts'>,
  { actor, at }: CommandContext,
  state: Kept,
): readonly AssuranceEvent[] | Refusal {
  const isCoordinator = actor.roles.includes('coordinator');
  if (!isCoordinator && !represented.includes(state.organisationId)) {
    const detail = 'A representative assures the facts of their own organisation only.';
    return refuse('forbidden', 'ASSURANCE_NOT_YOURS', detail);
  }
  if (!isCoordinator && standing !== undefined) {
    const detail = 'Only a coordinator says whether a fact is a standing one.';
    return refuse('forbidden', 'ASSURANCE_STANDING_BY_COORDINATOR', detail);
  }
  const unkept = kinds.filter((kind) => !state.facts.has(kind));
  if (unkept.length > 0) {
    const kept = [...state.facts.keys()];
    const detail = `This record has no facts of the kind ${unkept.join(', ')}; it has ${kept.join(', ')}.`;
    return refuse('unprocessable', 'ASSURANCE_KIND_UNKNOWN', detail, { unknown: unkept, kept });
  }
  const assuredBy: Assurer = isCoordinator
    ? { role: 'coordinator' }
    : { role: 'representative', organisationId: actor.organisationId };
  return [...new Set(kinds)].flatMap((kind): readonly AssuranceEvent[] => {
    const known = state.facts.get(kind);
    const stands = standing ?? known?.standing ?? false;
    if (known !== undefined && known.assuredAt >= at && known.standing === stands) return [];
    return [{ type: 'FactAssured', data: { ...ownerOf(state), kind, assuredAt: at, assuredBy, standing: stands } }];
  });
}

/** The fact, if it ages and still goes by this assurance and not by a later one. */
function ageingFact({ kind, assuredAt }: AgedAssurance, { facts }: Kept): KeptFact | undefined {
  const fact = facts.get(kind);
  return fact === undefined || fact.standing || fact.assuredAt !== assuredAt ? undefined : fact;
}

type Owner = Pick<Kept, 'recordType' | 'organisationId'>;

function assurer(role: Assurer['role'], { organisationId }: Owner): Assurer {
  return role === 'coordinator' ? { role } : { role, organisationId };
}

function ownerOf({ recordType, organisationId }: Owner): Owner {
  return { recordType, organisationId };
}

function evolve(state: AssuranceState, event: AssuranceEvent): AssuranceState {
  const { recordType, organisationId, kind } = event.data;
  const facts = new Map(state.stage === 'none' ? [] : state.facts);
  const known = facts.get(kind);
  switch (event.type) {
    case 'FactAssured': {
      const { assuredAt, standing } = event.data;
      facts.set(kind, { assuredAt, standing, isStale: false });
      break;
    }
    case 'ReminderFellDue':
      if (known) facts.set(kind, { ...known, remindedAt: event.data.remindedAt });
      break;
    case 'FactMarkedStale':
      if (known) facts.set(kind, { ...known, isStale: true });
      break;
    case 'FactRetired':
      facts.delete(kind);
      break;
    default:
      return event satisfies never;
  }
  return { stage: 'kept', recordType, organisationId, facts };
}
