import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type DataOf, type MatchingRoundEvent, matchingRoundEvents } from './matching-round.events';

export type MatchingRoundCommand =
  | Command<'RequestRound', Omit<DataOf<'RoundRequested'>, 'requestedBy'>>
  | Command<'RecordProposals', DataOf<'RoundProposed'>>
  | Command<'RecordUnserved', DataOf<'RoundUnserved'>>
  | Command<'ConcludeRound', DataOf<'RoundSolved'>>
  | Command<'StopRound', DataOf<'RoundStopped'>>;

export type MatchingRoundState =
  | { readonly stage: 'none' }
  | {
      readonly stage: 'running' | 'solved' | 'stopped';
      readonly requested: DataOf<'RoundRequested'>;
      /** Pieces of proposals, and of what is unserved, so far. */
      readonly proposed: number;
      readonly unserved: number;
    };

/** A matching round: requested once, and then solved or stopped, never both and never twice. */
export const matchingRound: Aggregate<MatchingRoundCommand, MatchingRoundState, MatchingRoundEvent> = {
  catalogue: matchingRoundEvents,
  decider: {
    initialState: { stage: 'none' },

    decide({ type, data, context: { actor } }, state) {
      if (type === 'RequestRound') {
        if (state.stage !== 'none')
          return refuse('conflict', 'ROUND_EXISTS', 'There is a round under this id already.');
        return [{ type: 'RoundRequested', data: { ...data, requestedBy: actor.subject } }];
      }
      if (state.stage === 'none') return refuse('not-found', 'ROUND_UNKNOWN', 'There is no round with this id.');
      if (type === 'StopRound' && state.stage === 'stopped') return [];
      if (state.stage !== 'running') return refuse('conflict', 'ROUND_ENDED', `The round is ${state.stage} already.`);
      switch (type) {
        case 'RecordProposals':
          return inTurn(data.piece, state.proposed) ?? [{ type: 'RoundProposed', data }];
        case 'RecordUnserved':
          return inTurn(data.piece, state.unserved) ?? [{ type: 'RoundUnserved', data }];
        case 'ConcludeRound':
          return [{ type: 'RoundSolved', data }];
        case 'StopRound':
          return [{ type: 'RoundStopped', data }];
      }
    },

    evolve(state, event) {
      if (event.type === 'RoundRequested') {
        return { stage: 'running', requested: event.data, proposed: 0, unserved: 0 };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the request of the round.');
      switch (event.type) {
        case 'RoundProposed':
          return { ...state, proposed: state.proposed + 1 };
        case 'RoundUnserved':
          return { ...state, unserved: state.unserved + 1 };
        case 'RoundSolved':
          return { ...state, stage: 'solved' };
        case 'RoundStopped':
          return { ...state, stage: 'stopped' };
      }
    },
  },
};

/** Pieces come one after the other, so that none is recorded twice and none is missing. */
function inTurn(piece: number, recorded: number) {
  return piece === recorded
    ? undefined
    : refuse('conflict', 'PIECE_OUT_OF_TURN', `The next piece is ${recorded}, not ${piece}.`);
}
