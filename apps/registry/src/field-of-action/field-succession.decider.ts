import { dayBefore } from '@alliance/calendar';
import { type Aggregate, type Command, refuse, type Refusal } from '@alliance/event-sourcing';
import {
  type FieldOfAction,
  type FieldSuccession,
  type FieldSuccessionEvent,
  fieldSuccessionEvents,
} from './field-of-action.events';

export type SucceedFields = Command<
  'SucceedFields',
  FieldSuccession & {
    /** Those of the named fields that exist. Their keys and first days never change. */
    readonly fields: readonly Pick<FieldOfAction, 'key' | 'validFrom' | 'validTo'>[];
  }
>;

export interface FieldSuccessionState {
  readonly successions: readonly FieldSuccession[];
}

/**
 * Which field takes the place of which. A field ends after it began, after it has itself taken another's place, and
 * once; its successors are valid on the day after. So each outlives its predecessors, and there can be no circle.
 */
export const fieldSuccession: Aggregate<SucceedFields, FieldSuccessionState, FieldSuccessionEvent> = {
  catalogue: fieldSuccessionEvents,
  decider: {
    initialState: { successions: [] },

    decide(command, { successions }) {
      const { effectiveOn, predecessorKeys, successors } = command.data;
      const succession = { effectiveOn, predecessorKeys, successors };
      if (successions.some((known) => areSame(known, succession))) return [];
      return (
        faultOfKeys(command.data) ??
        faultOfPredecessors(command.data, successions) ??
        faultOfSuccessors(command.data, successions) ?? [{ type: 'FieldsSucceeded', data: succession }]
      );
    },

    evolve: ({ successions }, event) => ({ successions: [...successions, event.data] }),
  },
};

function areSame(a: FieldSuccession, b: FieldSuccession): boolean {
  const essence = ({ effectiveOn, predecessorKeys, successors }: FieldSuccession) =>
    JSON.stringify([effectiveOn, [...predecessorKeys].sort(), successors.map(({ key }) => key).sort()]);
  return essence(a) === essence(b);
}

function faultOfKeys({ predecessorKeys, successors, fields }: SucceedFields['data']): Refusal | undefined {
  const exists = (key: string) => fields.some((field) => field.key === key);
  const both = predecessorKeys.filter((key) => successors.some((successor) => successor.key === key));
  if (both.length > 0) {
    const detail = 'No field takes its own place; name a new field, or leave the field out of those that end.';
    return refuse('unprocessable', 'FIELD_SUCCESSION_CIRCULAR', detail, { keys: both });
  }
  const existing = successors.filter(({ names }) => names === undefined).map(({ key }) => key);
  const unknown = [...predecessorKeys, ...existing].filter((key) => !exists(key));
  if (unknown.length > 0) {
    const detail = 'There are no fields of action with these keys; a successor that is new comes with its names.';
    return refuse('unprocessable', 'FIELD_OF_ACTION_UNKNOWN', detail, { keys: unknown });
  }
  const taken = successors.filter(({ key, names }) => names !== undefined && exists(key)).map(({ key }) => key);
  if (taken.length > 0) {
    const detail = 'There are fields of action with these keys already; name them without names to use them.';
    return refuse('conflict', 'FIELD_OF_ACTION_KEY_TAKEN', detail, { keys: taken });
  }
  return undefined;
}

type Successions = FieldSuccessionState['successions'];

function faultOfPredecessors(
  { effectiveOn, predecessorKeys, fields }: SucceedFields['data'],
  successions: Successions,
): Refusal | undefined {
  for (const field of fields.filter(({ key }) => predecessorKeys.includes(key))) {
    const { key } = field;
    const lastDay = dayBefore(effectiveOn);
    const ended = successions.some((one) => one.predecessorKeys.includes(key));
    const validTo = lastDayOf(field, successions);
    if (ended || (validTo !== undefined && validTo < lastDay)) {
      const detail = 'The field of action has ended already; it cannot end again.';
      return refuse('conflict', 'FIELD_OF_ACTION_ENDED', detail, { key, validTo });
    }
    const tookOver = successions.filter((one) => one.successors.some((successor) => successor.key === key));
    const firstDay = [field.validFrom, ...tookOver.map((one) => one.effectiveOn)].sort().at(-1) ?? field.validFrom;
    if (lastDay < firstDay) {
      const detail = `The field of action is in use from ${firstDay} on, and can end on that day at the earliest.`;
      return refuse('unprocessable', 'FIELD_SUCCESSION_TOO_EARLY', detail, { key, firstDay });
    }
  }
  return undefined;
}

function faultOfSuccessors(
  { effectiveOn, successors, fields }: SucceedFields['data'],
  successions: Successions,
): Refusal | undefined {
  for (const field of fields.filter(({ key }) => successors.some((successor) => successor.key === key))) {
    const { key, validFrom } = field;
    const validTo = lastDayOf(field, successions);
    if (validFrom > effectiveOn || (validTo !== undefined && validTo < effectiveOn)) {
      const detail = `A successor has to be valid on ${effectiveOn}.`;
      return refuse('unprocessable', 'FIELD_SUCCESSOR_NOT_VALID', detail, { key, validFrom, validTo });
    }
  }
  return undefined;
}

/** By a succession, or as it was added. */
function lastDayOf(
  { key, validTo }: SucceedFields['data']['fields'][number],
  successions: Successions,
): string | undefined {
  const ended = successions.find((one) => one.predecessorKeys.includes(key));
  return ended === undefined ? validTo : dayBefore(ended.effectiveOn);
}
