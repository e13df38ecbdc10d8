import { isDay } from '@alliance/calendar';
import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type FieldOfAction, type FieldOfActionEvent, fieldOfActionEvents } from './field-of-action.events';

export type FieldOfActionCommand =
  | Command<'AddFieldOfAction', FieldOfAction>
  | Command<'RenameFieldOfAction', { readonly nameDe: string; readonly nameEn: string }>
  | Command<'RetireFieldOfAction', { readonly validTo: string; readonly successorKeys: readonly string[] }>;

export type FieldOfActionState =
  | { readonly stage: 'none' }
  | { readonly stage: 'added'; readonly field: FieldOfAction }
  | { readonly stage: 'retired'; readonly field: FieldOfAction; readonly successorKeys: readonly string[] };

export const fieldOfAction: Aggregate<FieldOfActionCommand, FieldOfActionState, FieldOfActionEvent> = {
  catalogue: fieldOfActionEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      switch (command.type) {
        case 'AddFieldOfAction': {
          if (state.stage !== 'none') {
            return refuse('conflict', 'FIELD_OF_ACTION_KEY_TAKEN', 'There is a field of action with this key.');
          }
          const { validFrom, validTo } = command.data;
          if (!isDay(validFrom) || (validTo !== undefined && (!isDay(validTo) || validTo < validFrom))) {
            return refuse(
              'unprocessable',
              'FIELD_OF_ACTION_VALIDITY_WRONG',
              'Both days of a validity have to exist, and its end not to come before its begin.',
              { validFrom, ...(validTo !== undefined && { validTo }) },
            );
          }
          return [{ type: 'FieldOfActionAdded', data: command.data }];
        }
        case 'RenameFieldOfAction': {
          if (state.stage === 'none') return unknownField();
          const { nameDe, nameEn } = command.data;
          if (nameDe === state.field.nameDe && nameEn === state.field.nameEn) return [];
          return [{ type: 'FieldOfActionRenamed', data: { ...state.field, nameDe, nameEn } }];
        }
        // Whether it may end so, the succession has decided, which knows all fields.
        case 'RetireFieldOfAction': {
          if (state.stage === 'none') return unknownField();
          if (state.stage === 'retired') return [];
          const { validTo, successorKeys } = command.data;
          const { key } = state.field;
          return [{ type: 'FieldOfActionRetired', data: { key, validTo, successorKeys: [...successorKeys] } }];
        }
        default:
          return command satisfies never;
      }
    },

    evolve(state, event) {
      switch (event.type) {
        case 'FieldOfActionAdded':
          return { stage: 'added', field: event.data };
        case 'FieldOfActionRenamed':
          return state.stage === 'retired' ? { ...state, field: event.data } : { stage: 'added', field: event.data };
        case 'FieldOfActionRetired': {
          if (state.stage === 'none') throw new Error('A field was retired before it was added.');
          const { validTo, successorKeys } = event.data;
          return { stage: 'retired', field: { ...state.field, validTo }, successorKeys };
        }
        default:
          return event satisfies never;
      }
    },
  },
};

function unknownField() {
  return refuse('not-found', 'FIELD_OF_ACTION_UNKNOWN', 'There is no field of action with this key.');
}
