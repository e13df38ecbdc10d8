import { berlinDayOf } from '@alliance/calendar';
import { formatPosition, isRefusal, type LogPosition, type Refusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { CommandHandler, Folded, OwnOfService, Reactor } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { allocation } from './allocation/allocation.decider';
import { allocationRegister, underWayFor } from './allocation/allocation-register.read-model';
import { needIfOpen, offerIfOpen } from './matched-by-log.http';
import { matchingRound } from './matching-round/matching-round.decider';
import { type DataOf, type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';
import { refusedProposal, type UnderWay } from './proposal-rules';
import { type ProposeOfRound, proposalsAfter } from './round-proposals.policy';

const HOUR_MS = 3_600_000;
const KNOWN_WITHIN_MS = 30_000;

type Proposal = DataOf<'RoundProposed'>['proposals'][number];

interface Found {
  readonly holdHours: number;
  readonly proposals: readonly Proposal[];
  /** Ids of what would have become of them. */
  readonly leftOut: ReadonlySet<string>;
}

/** What the round has found, in the order of its pieces, and what of it was left out by now. */
const foundByRound = (roundId: string): Folded<Found, MatchingRoundEvent> => ({
  catalogue: matchingRoundEvents,
  decider: {
    initialState: { holdHours: 0, proposals: [], leftOut: new Set() },
    evolve(state, event) {
      switch (event.type) {
        case 'RoundRequested':
          return { ...state, holdHours: event.data.settings.holdHours };
        case 'RoundProposed':
          return { ...state, proposals: [...state.proposals, ...event.data.proposals] };
        case 'ProposalLeftOut':
          return { ...state, leftOut: new Set([...state.leftOut, allocationIdOf(roundId, event.data)]) };
        default:
          return state;
      }
    },
  },
});

/**
 * Makes an allocation of each proposal of a round; what the offers hold follows from that. Since the round has looked, an
 * offer or a need may have been revised, withdrawn or closed: the log is asked once more, by the rules that hold for
 * proposals by hand, and what no longer meets them is left out, with the reason. What was proposed by hand before the round
 * was solved, and what rounds before have proposed, is known by then; beyond that, both sides may still decline.
 *
 * The id of an allocation, and of the command that begins it, follow from round, offer and need: a repeat finds what has
 * begun, or was left out, and lets it stand.
 */
export const roundProposalsReactor: Reactor<ProposeOfRound> = {
  name: 'round-proposals',
  catalogues: [matchingRoundEvents],
  policy: proposalsAfter,
  async execute({ target: roundId }, context, commands, database, { progress }) {
    const { state: found, last: ended } = await commands.load(foundByRound(roundId), roundId);
    const { holdHours, proposals, leftOut } = found;
    await untilKnown(ended?.position, progress);
    const expiresAt = new Date(Date.parse(context.at) + holdHours * HOUR_MS).toISOString();
    const underWay = await underWayBeside(roundId, proposals, database);
    let last: LogPosition | undefined;
    const refusalOf = refusalsByLog(commands, berlinDayOf(context.at));
    for (const { score: _, terms: __, ...proposal } of proposals) {
      const { needId, offerId, weeks } = proposal;
      const allocationId = allocationIdOf(roundId, proposal);
      if (leftOut.has(allocationId)) continue;
      const ofNeed = underWay.get(needId) ?? [];
      const { state } = await commands.load(allocation, allocationId);
      const refusal = state.stage === 'none' ? await refusalOf(proposal, ofNeed) : undefined;
      const contextOf = (type: string) => ({ ...context, commandId: deriveId(allocationId, type) });
      if (refusal !== undefined) {
        const data = { needId, offerId, reasonCode: refusal.code };
        const command = { type: 'LeaveProposalOut', data, context: contextOf('LeaveProposalOut') } as const;
        orThrow(await commands.decide(matchingRound, roundId, command));
        continue;
      }
      underWay.set(needId, [...ofNeed, { offerId, weeks }]);
      const data = { ...proposal, expiresAt, roundId };
      const command = { type: 'ProposeAllocation', data, context: contextOf('ProposeAllocation') } as const;
      last = orThrow(await commands.decide(allocation, allocationId, command, { startsStream: true })).position;
    }
    // The next round that is looked at is checked against these.
    await untilKnown(last, progress);
  },
};

/** Until the register of allocations has come to that position. */
async function untilKnown(position: LogPosition | undefined, progress: OwnOfService['progress']): Promise<void> {
  if (position === undefined) return;
  if ((await progress.waitForPosition(allocationRegister.name, position, KNOWN_WITHIN_MS)) === 'reached') return;
  throw new Error(`The ${allocationRegister.name} has not come to ${formatPosition(position)} of the log yet.`);
}

function allocationIdOf(roundId: string, { offerId, needId }: Pick<Proposal, 'offerId' | 'needId'>): string {
  return deriveId(roundId, `${offerId} ${needId}`);
}

/** By need, what is under way for it that is not of this round. */
async function underWayBeside(
  roundId: string,
  proposals: readonly Proposal[],
  { manager }: DataSource,
): Promise<Map<string, UnderWay>> {
  const needIds = [...new Set(proposals.map(({ needId }) => needId))];
  const byNeed = new Map<string, UnderWay>();
  for (const one of await underWayFor(manager, needIds)) {
    if (one.roundId !== roundId) byNeed.set(one.needId, [...(byNeed.get(one.needId) ?? []), one]);
  }
  return byNeed;
}

/** Why a proposal holds no longer, by the log; each offer and each need is asked of it once. */
function refusalsByLog(log: Pick<CommandHandler, 'load'>, today: string) {
  const offers = new Map<string, ReturnType<typeof offerIfOpen>>();
  const needs = new Map<string, ReturnType<typeof needIfOpen>>();
  return async ({ offerId, needId, weeks }: Omit<Proposal, 'score' | 'terms'>, underWay: UnderWay) => {
    const [loadingOffer, loadingNeed] = [
      offers.get(offerId) ?? offerIfOpen(log, offerId),
      needs.get(needId) ?? needIfOpen(log, needId),
    ];
    offers.set(offerId, loadingOffer);
    needs.set(needId, loadingNeed);
    const [offered, needed] = await Promise.all([loadingOffer, loadingNeed]);
    if (isRefusal(offered)) return offered;
    if (isRefusal(needed)) return needed;
    return refusedProposal({ offerId, offered, needed, underWay, weeks }, today);
  };
}

function orThrow<Accepted extends object>(decided: Accepted | Refusal): Accepted {
  if (isRefusal(decided)) throw new Error(`A proposal of a round was refused: ${decided.code}.`);
  return decided;
}
