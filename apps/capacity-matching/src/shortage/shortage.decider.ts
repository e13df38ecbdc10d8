import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type ShortageEvent, shortageEvents } from './shortage.events';

export type ShortageCommand =
  | Command<
      'HearShortage',
      {
        readonly shortageId: string;
        readonly fieldKey: string;
        readonly regionKey: string;
        readonly declaredOn: string;
      }
    >
  | Command<'HearEasing', { readonly shortageId: string; readonly easedOn: string }>;

export type ShortageState = 'none' | 'open' | 'eased';

/** Takes down what the liaison to the public sector tells, which decides alone; hearing it twice changes nothing. */
export const shortage: Aggregate<ShortageCommand, ShortageState, ShortageEvent> = {
  catalogue: shortageEvents,
  decider: {
    initialState: 'none',

    decide({ type, data }, state) {
      switch (type) {
        case 'HearShortage':
          return state === 'none' ? [{ type: 'ShortageHeard', data }] : [];
        case 'HearEasing':
          if (state === 'none') return refuse('not-found', 'SHORTAGE_UNKNOWN', 'Nobody has told of this shortage.');
          return state === 'open' ? [{ type: 'ShortageEased', data }] : [];
      }
    },

    evolve: (_, event) => (event.type === 'ShortageHeard' ? 'open' : 'eased'),
  },
};
