import { isRefusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { Folded, Reactor } from '@alliance/service-host';
import { allocation } from './allocation/allocation.decider';
import { type DataOf, type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';
import { type ProposeOfRound, proposalsAfter } from './round-proposals.policy';

const HOUR_MS = 3_600_000;

interface Found {
  readonly holdHours: number;
  readonly proposals: DataOf<'RoundProposed'>['proposals'];
}

/** What a round has found, in the order of its pieces. */
const foundByRound: Folded<Found, MatchingRoundEvent> = {
  catalogue: matchingRoundEvents,
  decider: {
    initialState: { holdHours: 0, proposals: [] },
    evolve(state, event) {
      if (event.type === 'RoundRequested') return { ...state, holdHours: event.data.settings.holdHours };
      if (event.type !== 'RoundProposed') return state;
      return { ...state, proposals: [...state.proposals, ...event.data.proposals] };
    },
  },
};

/**
 * Makes an allocation of each proposal of a round; what the offers hold follows from that. The id of an allocation, and of
 * the command that begins it, follow from round, offer and need: a repeat finds it there and changes nothing.
 */
export const roundProposalsReactor: Reactor<ProposeOfRound> = {
  name: 'round-proposals',
  catalogues: [matchingRoundEvents],
  policy: proposalsAfter,
  async execute({ target: roundId }, context, commands) {
    const { state } = await commands.load(foundByRound, roundId);
    const expiresAt = new Date(Date.parse(context.at) + state.holdHours * HOUR_MS).toISOString();
    for (const { offerId, needId, helpingOrganisationId, supportingOrganisationId, weeks } of state.proposals) {
      const allocationId = deriveId(roundId, `${offerId} ${needId}`);
      const between = { offerId, needId, helpingOrganisationId, supportingOrganisationId };
      const data = { ...between, weeks, expiresAt, roundId };
      const own = { ...context, commandId: deriveId(allocationId, 'ProposeAllocation') };
      const command = { type: 'ProposeAllocation', data, context: own } as const;
      const decided = await commands.decide(allocation, allocationId, command, { startsStream: true });
      if (isRefusal(decided)) throw new Error(`A proposal of the round ${roundId} was refused: ${decided.code}.`);
    }
  },
};
