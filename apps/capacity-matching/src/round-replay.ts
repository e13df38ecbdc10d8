import { comparePositions, type EventLog, parsePosition, type RecordedEvent } from '@alliance/event-sourcing';
import { type AllocationEvent, allocationEvents } from './allocation/allocation.events';
import type { WeekRun } from './event-fields';
import { buildProblem } from './matching-round/build-problem';
import { canonicalJson } from './matching-round/canonical-json';
import { unservedNeeds } from './matching-round/explanation';
import { type DataOf, type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';
import { proposalsOf } from './matching-round/proposals';
import type { RoundInputs } from './matching-round/round-inputs';
import { ROUND_METHOD } from './matching-round/round-method';
import { solveWeeks } from './matching-round/solve-weeks';
import { need, type NeedState } from './need/need.decider';
import { type NeedEvent, needEvents } from './need/need.events';
import { freeByWeek } from './offer/offer-ledger';
import { offer, type OfferState } from './offer/offer.decider';
import { type OfferEvent, offerEvents } from './offer/offer.events';
import { type ShortageEvent, shortageEvents } from './shortage/shortage.events';
import { weeksBefore } from './weekly-minutes';

/** What a replay of a round needs to read. */
export const roundReplayCatalogues = [
  matchingRoundEvents,
  offerEvents,
  needEvents,
  allocationEvents,
  shortageEvents,
] as const;

/** Reads events of these catalogues from the beginning of the log, in its order, each time that it is asked. */
export type ReadLog = () => AsyncIterable<readonly RecordedEvent[]>;

/** All that a log of these catalogues has at present. Ends early when the signal aborts. */
export function logUntilNow(log: EventLog, signal: AbortSignal): ReadLog {
  return async function* () {
    const batches = log.follow({
      streamPrefixes: roundReplayCatalogues.map(({ category }) => category.prefix),
      ...{ after: undefined, maxBatchSize: 1000, signal },
    });
    for await (const { events, caughtUp } of batches) {
      yield events;
      if (caughtUp) return;
    }
  };
}

/** What a round recorded, and what comes out when it is run again over the log; texts in their canonical form. */
export interface RoundReplay {
  /** All that the round saw: its SHA-256 is the `inputsDigest` of the round. */
  readonly inputs: string;
  readonly inputsDigest: string;
  /** Proposals and what is unserved. */
  readonly recorded: string;
  readonly replayed: string;
  /** False where the round was ended by its time limit: what it had found by then need not come out again. */
  readonly isOptimal: boolean;
  /** The numbers of the rules by which it was run then, and now: only where they are equal the same has to come out. */
  readonly method: { readonly recorded: number; readonly replayed: number };
}

/**
 * Runs a round again from nothing but the log: folds offers, needs, allocations and shortages up to the position that the
 * round saw, and proposes over them by its settings. `undefined` when the log has no such round, or one without a result.
 */
export async function replayRound(log: ReadLog, roundId: string): Promise<RoundReplay | undefined> {
  const round = await recordedRound(log, roundId);
  if (round?.solved === undefined) return undefined;
  const { requested, solved, proposals, unserved } = round;
  const inputs = await inputsByLog(log, requested);
  const { inputsDigest } = requested;
  const built = buildProblem(inputs);
  const solution = solveWeeks(built.problem);
  return {
    ...{ inputs: canonicalJson(inputs), inputsDigest, isOptimal: solved.weeks.every((one) => one.isOptimal) },
    method: { recorded: solved.method, replayed: ROUND_METHOD },
    recorded: canonicalJson({ proposals, unserved }),
    replayed: canonicalJson({
      proposals: proposalsOf(inputs, built, solution),
      unserved: unservedNeeds(inputs, built, solution),
    }),
  };
}

/**
 * What a round saw, by the log alone: offers, needs, allocations and shortages up to its position. It is what the round saw
 * only if its digest is the round's `inputsDigest`.
 */
export async function inputsByLog(log: ReadLog, requested: DataOf<'RoundRequested'>): Promise<RoundInputs> {
  const { settings, pausedOrganisationIds } = requested;
  const position = parsePosition(requested.position);
  if (position === undefined) throw new Error(`${requested.position} is no position of the log.`);
  const world = new WorldByLog();
  for await (const events of log()) {
    const seen = events.filter((event) => comparePositions(event.position, position) <= 0);
    for (const event of seen) world.take(event);
    if (seen.length < events.length) break;
  }
  return { ...world.inputs(), settings, pausedOrganisationIds };
}

async function recordedRound(log: ReadLog, roundId: string) {
  const streamName = matchingRoundEvents.category.streamName(roundId);
  let requested: DataOf<'RoundRequested'> | undefined;
  let solved: DataOf<'RoundSolved'> | undefined;
  const proposals: DataOf<'RoundProposed'>['proposals'] = [];
  const unserved: DataOf<'RoundUnserved'>['unserved'] = [];
  for await (const events of log()) {
    for (const recorded of events) {
      if (recorded.streamName !== streamName) continue;
      const event = recorded as RecordedEvent & MatchingRoundEvent;
      if (event.type === 'RoundRequested') requested = event.data;
      if (event.type === 'RoundProposed') proposals.push(...event.data.proposals);
      if (event.type === 'RoundUnserved') unserved.push(...event.data.unserved);
      if (event.type === 'RoundSolved') solved = event.data;
    }
  }
  return requested === undefined ? undefined : { requested, solved, proposals, unserved };
}

interface OpenedNeed {
  readonly state: NeedState;
  readonly openedAt: string;
}

interface Supply {
  readonly needId: string;
  readonly offerId: string;
  readonly weeks: readonly WeekRun[];
  readonly isStarted: boolean;
}

/** Offers, needs, allocations and shortages as the log tells them, by their own rules. */
class WorldByLog {
  private readonly offers = new Map<string, OfferState>();
  private readonly needs = new Map<string, OpenedNeed>();
  private readonly supplies = new Map<string, Supply>();
  private readonly shortages = new Map<string, RoundInputs['shortages'][number]>();

  take(event: RecordedEvent): void {
    const { streamName, metadata } = event;
    if (streamName.startsWith(offerEvents.category.prefix)) {
      const id = offerEvents.category.idOf(streamName);
      const { evolve, initialState } = offer.decider;
      this.offers.set(id, evolve(this.offers.get(id) ?? initialState, event as RecordedEvent & OfferEvent));
    } else if (streamName.startsWith(needEvents.category.prefix)) {
      const id = needEvents.category.idOf(streamName);
      const before = this.needs.get(id) ?? { state: need.decider.initialState, openedAt: metadata.occurredAt };
      this.needs.set(id, { ...before, state: need.decider.evolve(before.state, event as RecordedEvent & NeedEvent) });
    } else if (streamName.startsWith(allocationEvents.category.prefix)) {
      this.takeAllocation(allocationEvents.category.idOf(streamName), event as RecordedEvent & AllocationEvent);
    } else if (streamName.startsWith(shortageEvents.category.prefix)) {
      const id = shortageEvents.category.idOf(streamName);
      const shortage = event as RecordedEvent & ShortageEvent;
      if (shortage.type === 'ShortageHeard') {
        const { fieldKey, regionKey } = shortage.data;
        this.shortages.set(id, { id, fieldKey, regionKey });
      } else this.shortages.delete(id);
    }
  }

  inputs(): Omit<RoundInputs, 'settings' | 'pausedOrganisationIds'> {
    const suppliesOf = new Map<string, Supply[]>();
    for (const [, supply] of inOrder(this.supplies)) {
      suppliesOf.set(supply.needId, [...(suppliesOf.get(supply.needId) ?? []), supply]);
    }
    return {
      offers: inOrder(this.offers).flatMap(([id, state]) => {
        if (state.stage !== 'published' || state.pausedFor.size > 0) return [];
        const { organisationId, facts, qualifications, holds } = state;
        return [{ id, organisationId, facts, qualifications, free: freeByWeek(facts, holds) }];
      }),
      needs: inOrder(this.needs).flatMap(([id, { state, openedAt }]) => {
        if (state.stage !== 'open') return [];
        const { organisationId, facts, severity } = state;
        const supplies = (suppliesOf.get(id) ?? []).map(({ offerId, weeks }) => ({ offerId, weeks }));
        return [{ id, organisationId, facts, severity, openedAt, supplies }];
      }),
      shortages: inOrder(this.shortages).map(([, shortage]) => shortage),
    };
  }

  private takeAllocation(id: string, event: RecordedEvent & AllocationEvent): void {
    if (event.type === 'AllocationProposed') {
      const { needId, offerId, weeks } = event.data;
      this.supplies.set(id, { needId, offerId, weeks, isStarted: false });
      return;
    }
    const supply = this.supplies.get(id);
    if (supply === undefined) return;
    switch (event.type) {
      case 'AllocationDeclined':
        this.supplies.set(id, { ...supply, weeks: [] });
        return;
      case 'AllocationExpired':
      case 'AllocationFailed':
        this.supplies.delete(id);
        return;
      case 'AllocationStarted':
        this.supplies.set(id, { ...supply, isStarted: true });
        return;
      case 'AllocationReleased': {
        const { fromWeek } = event.data;
        const kept = !supply.isStarted || fromWeek === undefined ? [] : weeksBefore(supply.weeks, fromWeek);
        if (kept.length > 0) this.supplies.set(id, { ...supply, weeks: kept });
        else this.supplies.delete(id);
        return;
      }
      case 'CapacitySecured':
      case 'AllocationAccepted':
      case 'HoursReported':
      case 'DeliveryDisputed':
      case 'AllocationDelivered':
        return;
    }
  }
}

function inOrder<Value>(byId: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...byId].sort(([one], [other]) => (one < other ? -1 : 1));
}
