import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type DataOf, type MatchingRoundEvent, matchingRoundEvents } from './matching-round.events';

export type MatchingRoundCommand =
  | Command<'RequestRound', Omit<DataOf<'RoundRequested'>, 'requestedBy'>>
  | Command<'RecordProposals', DataOf<'RoundProposed'>>
  | Command<'RecordUnserved', DataOf<'RoundUnserved'>>
  | Command<'ConcludeRound', DataOf<'RoundSolved'>>
  | Command<'StopRound', DataOf<'RoundStopped'>>
  | Command<'LeaveProposalOut', DataOf<'ProposalLeftOut'>>;

export type MatchingRoundState =
  | { readonly stage: 'none' }
  | {
      readonly stage: 'running' | 'solved' | 'stopped';
      readonly requested: DataOf<'RoundRequested'>;
      readonly proposed: Recorded;
      readonly unserved: Recorded;
    };

/** What is recorded of a list so far. */
interface Recorded {
  readonly pieces: number;
  readonly items: number;
}

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
      if (type === 'LeaveProposalOut') {
        if (state.stage === 'solved') return [{ type: 'ProposalLeftOut', data }];
        return refuse('conflict', 'ROUND_NOT_SOLVED', `The round is ${state.stage}: it proposes nothing.`);
      }
      if (state.stage !== 'running') return refuse('conflict', 'ROUND_ENDED', `The round is ${state.stage} already.`);
      switch (type) {
        case 'RecordProposals':
          return inTurn(data.piece, state.proposed) ?? [{ type: 'RoundProposed', data }];
        case 'RecordUnserved':
          return inTurn(data.piece, state.unserved) ?? [{ type: 'RoundUnserved', data }];
        case 'ConcludeRound':
          // Else it would be a mixture of what two that ran it have found.
          if (data.proposals !== state.proposed.items || data.unserved !== state.unserved.items) {
            const detail = `It has ${state.proposed.items} proposals and ${state.unserved.items} needs unserved.`;
            return refuse('conflict', 'ROUND_INCOMPLETE', detail);
          }
          return [{ type: 'RoundSolved', data }];
        case 'StopRound':
          return [{ type: 'RoundStopped', data }];
      }
    },

    evolve(state, event) {
      if (event.type === 'RoundRequested') {
        return { stage: 'running', requested: event.data, proposed: NOTHING, unserved: NOTHING };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the request of the round.');
      switch (event.type) {
        case 'RoundProposed':
          return { ...state, proposed: oneMore(state.proposed, event.data.proposals) };
        case 'RoundUnserved':
          return { ...state, unserved: oneMore(state.unserved, event.data.unserved) };
        case 'ProposalLeftOut':
          return state;
        case 'RoundSolved':
          return { ...state, stage: 'solved' };
        case 'RoundStopped':
          return { ...state, stage: 'stopped' };
      }
    },
  },
};

const NOTHING: Recorded = { pieces: 0, items: 0 };

function oneMore({ pieces, items }: Recorded, more: readonly unknown[]): Recorded {
  return { pieces: pieces + 1, items: items + more.length };
}

/** Pieces come one after the other, so that none is recorded twice and none is missing. */
function inTurn(piece: number, { pieces }: Recorded) {
  return piece === pieces
    ? undefined
    : refuse('conflict', 'PIECE_OUT_OF_TURN', `The next piece is ${pieces}, not ${piece}.`);
}
