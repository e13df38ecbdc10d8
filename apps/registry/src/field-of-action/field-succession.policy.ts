import { dayBefore } from '@alliance/calendar';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { FieldOfActionCommand } from './field-of-action.decider';
import type { FieldSuccession, FieldSuccessionEvent } from './field-of-action.events';

type CommandTo<Type extends FieldOfActionCommand['type']> = Omit<
  Extract<FieldOfActionCommand, { type: Type }>,
  'context'
> & { readonly target: string };
export type SuccessionStep = CommandTo<'AddFieldOfAction'> | CommandTo<'RetireFieldOfAction'>;

/** What a succession means for each field: the new ones are there before the old ones name them. */
export function stepsOf({ effectiveOn, predecessorKeys, successors }: FieldSuccession): readonly SuccessionStep[] {
  const successorKeys = successors.map(({ key }) => key);
  return [
    ...successors.flatMap(({ key, names }): SuccessionStep[] =>
      names === undefined
        ? []
        : [{ type: 'AddFieldOfAction', target: key, data: { key, ...names, validFrom: effectiveOn } }],
    ),
    ...predecessorKeys.map((key): SuccessionStep => {
      const data = { validTo: dayBefore(effectiveOn), successorKeys };
      return { type: 'RetireFieldOfAction', target: key, data };
    }),
  ];
}

export function succeedAfter(fact: RecordedEvent): readonly SuccessionStep[] {
  return stepsOf((fact as RecordedEvent & FieldSuccessionEvent).data);
}
