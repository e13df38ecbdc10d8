import { berlinDayOf, weekOf } from '@alliance/calendar';
import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import type { WeekRun } from '../event-fields';
import { byWeek, minutesByWeek, type MinutesByWeek, weeksBefore } from '../weekly-minutes';
import { freeByWeek, type Hold, type Holds, isBelowBlock, shortWeeks, takenByWeek } from './offer-ledger';
import { type OfferEvent, offerEvents, type OfferFacts } from './offer.events';

interface Taking {
  readonly allocationId: string;
  readonly needId: string;
  readonly weeks: readonly WeekRun[];
  readonly expiresAt: string;
}

export type OfferCommand =
  | Command<'PublishOffer', { readonly organisationId: string; readonly facts: OfferFacts }>
  | Command<'ReviseOffer', { readonly facts: OfferFacts }>
  | Command<'AssureOffer'>
  | Command<'ProveQualification', { readonly key: string; readonly evidence: string; readonly validUntil: string }>
  | Command<'PauseOffer' | 'ResumeOffer' | 'WithdrawOffer', { readonly reasonCode: string }>
  /** When nobody has assured it again since it was assured so many times. */
  | Command<'PauseStaleOffer', { readonly assurances: number }>
  | Command<'HoldCapacity', Taking>
  | Command<'ConfirmHold', { readonly allocationId: string }>
  | Command<'ReleaseHold', { readonly allocationId: string; readonly reasonCode: string; readonly fromWeek?: string }>;

interface PublishedOffer {
  readonly stage: 'published' | 'withdrawn';
  /** Why it is paused: as long as one of these reasons holds, nothing new is taken of it. */
  readonly pausedFor: ReadonlySet<string>;
  readonly organisationId: string;
  readonly facts: OfferFacts;
  /** How often somebody has said that it holds. */
  readonly assurances: number;
  readonly holds: Holds;
  /** The last day on which the proof of a qualification counts, by the qualification's key. */
  readonly qualifications: ReadonlyMap<string, string>;
}

export type OfferState = { readonly stage: 'none' } | PublishedOffer;

/** The reason for which an offer is paused that nobody has assured for long; who assures it lifts it. */
export const STALE = 'stale';

/**
 * Whatever is taken of an offer is taken here, week by week, so that none of its minutes is ever promised twice. Commands
 * about holds come from the process of an allocation, which may repeat each of them.
 */
export const offer: Aggregate<OfferCommand, OfferState, OfferEvent> = {
  catalogue: offerEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      const { actor, at } = command.context;
      if (command.type === 'PublishOffer') {
        if (state.stage !== 'none')
          return refuse('conflict', 'OFFER_EXISTS', 'There is an offer under this id already.');
        return [{ type: 'OfferPublished', data: { ...command.data, publishedBy: actor.subject } }];
      }
      if (state.stage === 'none') return refuse('not-found', 'OFFER_UNKNOWN', 'There is no offer with this id.');
      switch (command.type) {
        // Who revises it says that it holds. What was taken of weeks that are over stays, whatever the offer is from now on.
        case 'ReviseOffer': {
          if (state.stage === 'withdrawn') return withdrawn();
          const taken = notOver(takenByWeek(state.holds), at);
          const short = shortWeeks(taken, minutesByWeek(command.data.facts));
          if (short.length > 0) {
            const detail = `More is taken already than the offer would have in ${short.map(({ week }) => week).join(', ')}.`;
            return refuse('conflict', 'OFFER_OVERSOLD_BY_REVISION', detail, { short });
          }
          return [
            { type: 'OfferRevised', data: { facts: command.data.facts, revisedBy: actor.subject } },
            ...resumed(state),
          ];
        }
        case 'AssureOffer':
          if (state.stage === 'withdrawn') return withdrawn();
          return [{ type: 'OfferAssured', data: { assuredBy: actor.subject } }, ...resumed(state)];
        case 'ProveQualification':
          return [{ type: 'QualificationProved', data: { ...command.data, checkedBy: actor.subject } }];
        case 'PauseOffer':
          if (state.stage === 'withdrawn') return withdrawn();
          return state.pausedFor.has(command.data.reasonCode) ? [] : [{ type: 'OfferPaused', data: command.data }];
        case 'PauseStaleOffer': {
          const isStale = command.data.assurances === state.assurances && !state.pausedFor.has(STALE);
          return state.stage === 'published' && isStale ? [{ type: 'OfferPaused', data: { reasonCode: STALE } }] : [];
        }
        case 'ResumeOffer':
          if (state.stage === 'withdrawn') return withdrawn();
          return state.pausedFor.has(command.data.reasonCode) ? [{ type: 'OfferResumed', data: command.data }] : [];
        case 'WithdrawOffer':
          return state.stage === 'withdrawn' ? [] : [{ type: 'OfferWithdrawn', data: command.data }];
        case 'HoldCapacity':
          return hold(command.data, state, at);
        // Both sides accepted in time; that it is heard of late harms nobody as long as nobody else was given the minutes.
        case 'ConfirmHold': {
          const { allocationId } = command.data;
          const taken = state.holds.get(allocationId);
          if (taken?.status === 'confirmed') return [];
          if (taken?.status !== 'held') {
            const detail = 'The offer holds nothing for this allocation.';
            return refuse('conflict', 'OFFER_HOLDS_NOTHING', detail, { allocationId });
          }
          return [{ type: 'HoldConfirmed', data: { allocationId } }];
        }
        case 'ReleaseHold': {
          const { allocationId, fromWeek } = command.data;
          const taken = state.holds.get(allocationId);
          // One that nothing is known of is released as well: a hold that comes late finds that it is over.
          if (taken === undefined) return [{ type: 'HoldReleased', data: command.data }];
          const kept = fromWeek === undefined ? [] : weeksBefore(taken.weeks, fromWeek);
          const isLess = byWeek(kept).size < byWeek(taken.weeks).size;
          return isLess ? [{ type: 'HoldReleased', data: command.data }] : [];
        }
      }
    },

    evolve(state, event) {
      if (event.type === 'OfferPublished') {
        const { organisationId, facts } = event.data;
        const nothing = { pausedFor: new Set<string>(), holds: new Map(), qualifications: new Map() };
        return { stage: 'published', organisationId, facts, assurances: 1, ...nothing };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the publishing of the offer.');
      const holding = (allocationId: string, taken: Hold): OfferState => ({
        ...state,
        holds: new Map(state.holds).set(allocationId, taken),
      });
      switch (event.type) {
        case 'OfferRevised':
          return { ...state, facts: event.data.facts, assurances: state.assurances + 1 };
        case 'OfferAssured':
          return { ...state, assurances: state.assurances + 1 };
        case 'QualificationProved': {
          const { key, validUntil } = event.data;
          return { ...state, qualifications: new Map(state.qualifications).set(key, validUntil) };
        }
        case 'OfferPaused':
          return { ...state, pausedFor: new Set(state.pausedFor).add(event.data.reasonCode) };
        case 'OfferResumed': {
          const { reasonCode } = event.data;
          return { ...state, pausedFor: new Set([...state.pausedFor].filter((one) => one !== reasonCode)) };
        }
        case 'OfferWithdrawn':
          return { ...state, stage: 'withdrawn' };
        case 'CapacityHeld': {
          const { allocationId, needId, weeks, expiresAt } = event.data;
          return holding(allocationId, { needId, weeks, expiresAt, status: 'held' });
        }
        case 'HoldDeclined':
          return holding(event.data.allocationId, {
            ...NOTHING_TAKEN,
            status: 'declined',
            declinedFor: event.data.reasonCode,
          });
        case 'HoldConfirmed': {
          const { allocationId } = event.data;
          const taken = state.holds.get(allocationId);
          if (taken === undefined) throw new Error(`Nothing was held for the allocation ${allocationId}.`);
          return holding(allocationId, { ...taken, status: 'confirmed' });
        }
        case 'HoldReleased': {
          const { allocationId, fromWeek } = event.data;
          const taken = state.holds.get(allocationId) ?? NOTHING_TAKEN;
          const weeks = fromWeek === undefined ? [] : weeksBefore(taken.weeks, fromWeek);
          return holding(allocationId, { ...taken, weeks, status: 'released' });
        }
      }
    },
  },
};

const NOTHING_TAKEN = { needId: '', weeks: [], expiresAt: '', status: 'released' } as const;

/** By week, what nobody has taken; nothing of an offer that gives nothing at present. */
export function freeOf(state: OfferState): ReadonlyMap<string, number> {
  const gives = state.stage === 'published' && state.pausedFor.size === 0;
  return gives ? freeByWeek(state.facts, state.holds) : new Map();
}

/** Without the weeks that are over in Berlin at that time. */
function notOver(minutes: MinutesByWeek, at: string): MinutesByWeek {
  const present = weekOf(berlinDayOf(at));
  return new Map([...minutes].filter(([week]) => week >= present));
}

/**
 * Holds once and for all: what was declined stays so. Nothing can be had of a week that is over. Holds that are over by then are released in the same step, since
 * each of them could else still be confirmed by a command of before.
 */
function hold(data: Taking, state: PublishedOffer, at: string) {
  const { allocationId, needId, weeks, expiresAt } = data;
  if (state.holds.has(allocationId)) return [];
  const over = [...state.holds].filter(([, { status, expiresAt: until }]) => status === 'held' && until <= at);
  const released = over.map(([id]) => ({
    type: 'HoldReleased' as const,
    data: { allocationId: id, reasonCode: 'expired' },
  }));
  const kept = new Map([...state.holds].filter(([id]) => !over.some(([one]) => one === id)));
  const wanted = byWeek(weeks);
  const short = shortWeeks(wanted, notOver(freeByWeek(state.facts, kept), at));
  const reasonCode =
    state.stage === 'withdrawn'
      ? ('offer-withdrawn' as const)
      : state.pausedFor.size > 0
        ? ('offer-paused' as const)
        : short.length > 0
          ? ('capacity-taken' as const)
          : isBelowBlock(state.facts, wanted)
            ? ('block-too-small' as const)
            : undefined;
  return reasonCode === undefined
    ? [...released, { type: 'CapacityHeld' as const, data: { allocationId, needId, weeks: [...weeks], expiresAt } }]
    : [...released, { type: 'HoldDeclined' as const, data: { allocationId, reasonCode, short: [...short] } }];
}

function resumed({ pausedFor }: PublishedOffer): OfferEvent[] {
  return pausedFor.has(STALE) ? [{ type: 'OfferResumed', data: { reasonCode: STALE } }] : [];
}

function withdrawn() {
  return refuse('conflict', 'OFFER_WITHDRAWN', 'The offer was withdrawn, which is for good; publish another.');
}
