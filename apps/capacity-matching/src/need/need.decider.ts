import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type NeedEvent, needEvents, type NeedFacts } from './need.events';

type DataOf<Type extends NeedEvent['type']> = Extract<NeedEvent, { type: Type }>['data'];

export type NeedCommand =
  | Command<'OpenNeed', { readonly organisationId: string; readonly facts: NeedFacts }>
  | Command<'ReviseNeed', { readonly facts: NeedFacts }>
  /** By a coordinator. */
  | Command<'PrioritiseNeed', DataOf<'NeedPrioritised'>>
  | Command<'CloseNeed', DataOf<'NeedClosed'>>;

interface OpenedNeed {
  readonly stage: 'open' | 'closed';
  readonly organisationId: string;
  readonly facts: NeedFacts;
  /** In force: what a coordinator has given it, whatever its organisation says before or after that. */
  readonly severity: number;
  readonly isPrioritised: boolean;
}

export type NeedState = { readonly stage: 'none' } | OpenedNeed;

/** What a helping organisation needs of others' time. How severe it is, is the organisation's word until a coordinator's. */
export const need: Aggregate<NeedCommand, NeedState, NeedEvent> = {
  catalogue: needEvents,
  decider: {
    initialState: { stage: 'none' },

    decide({ type, data, context: { actor } }, state) {
      if (type === 'OpenNeed') {
        if (state.stage !== 'none') return refuse('conflict', 'NEED_EXISTS', 'There is a need under this id already.');
        return [{ type: 'NeedOpened', data: { ...data, openedBy: actor.subject } }];
      }
      if (state.stage === 'none') return refuse('not-found', 'NEED_UNKNOWN', 'There is no need with this id.');
      if (type === 'CloseNeed') return state.stage === 'closed' ? [] : [{ type: 'NeedClosed', data }];
      if (state.stage === 'closed') {
        return refuse('conflict', 'NEED_CLOSED', 'The need was closed, which is for good; open another.');
      }
      switch (type) {
        case 'ReviseNeed':
          return [{ type: 'NeedRevised', data: { ...data, revisedBy: actor.subject } }];
        case 'PrioritiseNeed':
          return state.isPrioritised && state.severity === data.severity ? [] : [{ type: 'NeedPrioritised', data }];
      }
    },

    evolve(state, event) {
      if (event.type === 'NeedOpened') {
        const { organisationId, facts } = event.data;
        return { stage: 'open', organisationId, facts, severity: facts.severity, isPrioritised: false };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the opening of the need.');
      switch (event.type) {
        case 'NeedRevised': {
          const { facts } = event.data;
          return { ...state, facts, severity: state.isPrioritised ? state.severity : facts.severity };
        }
        case 'NeedPrioritised':
          return { ...state, severity: event.data.severity, isPrioritised: true };
        case 'NeedClosed':
          return { ...state, stage: 'closed' };
      }
    },
  },
};
