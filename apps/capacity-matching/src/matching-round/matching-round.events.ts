import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import { closed, day, oneOf, slug, subject, uuid, week, weekRuns } from '../event-fields';
import { hardRules } from '../feasibility';

const count = Type.Integer({ minimum: 0 });
/** SHA-256, in hexadecimal digits. */
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const points = Type.Integer({ minimum: 0, maximum: 100 });
const weight = Type.Integer({ minimum: 0, maximum: 1000 });
const ofEachTerm = <Value extends typeof points>(value: Value) =>
  closed({ fit: value, date: value, strain: value, waiting: value, load: value, distance: value, shortage: value });

const roundSettings = closed({
  /** The day, in Berlin, on which it is run. */
  today: day,
  firstWeek: week,
  lastWeek: week,
  weights: ofEachTerm(weight),
  waitingFullDays: Type.Integer({ minimum: 1 }),
  loadFullPeople: Type.Integer({ minimum: 1 }),
  holdHours: Type.Integer({ minimum: 1 }),
});

const proposal = closed({
  needId: uuid,
  offerId: uuid,
  helpingOrganisationId: uuid,
  supportingOrganisationId: uuid,
  weeks: weekRuns,
  score: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** What the score is made of, before it is weighed. */
  terms: ofEachTerm(points),
});

/** Why a need goes without some of what it asks for. */
export const bindingReasons = [
  /** No offer of its fields of action is open. */
  'NO_OFFER_IN_FIELD',
  /** Offers of its fields there are; the hard rule that `rule` names leaves out most of them. */
  'HARD_RULE',
  /** All that fit it supply it already, have declined or were declined by it; or they, or itself, get no new proposals now. */
  'NO_OTHER_OFFER',
  /** Nothing of the offers that fit it is free in these weeks. */
  'NOTHING_FREE',
  /** What fits it would break a minimum block, or be more supporters than it can look after. */
  'LIMITS',
  /** All of what fits it is taken, some of it by itself or by needs that gain just as much. */
  'ALL_TAKEN',
  'TAKEN_BY_MORE_SEVERE',
  'TAKEN_BY_HIGHER_SCORE',
  /** The round was stopped before the best was found. */
  'STOPPED',
] as const;
export type BindingReason = (typeof bindingReasons)[number];

/** What an offer lacks, or is asked too much for, to help a need. */
const lacks = [...hardRules, 'SCORE', 'FREE_MINUTES', 'MINIMUM_BLOCK', 'MOST_SUPPORTERS'] as const;

const nearestMiss = closed({
  offerId: uuid,
  lacks: oneOf(lacks),
  /** The smallest change by which it would help, in words. */
  change: Type.String({ minLength: 1, maxLength: 2000 }),
});
export type NearestMiss = Static<typeof nearestMiss>;

const unserved = closed({
  needId: uuid,
  severity: Type.Integer({ minimum: 1, maximum: 3 }),
  /** What is wanted and not proposed. */
  weeks: weekRuns,
  /** What binds in the weeks in which it lacks most. */
  reason: oneOf(bindingReasons),
  rule: Type.Optional(oneOf(hardRules)),
  nearestMisses: Type.Array(nearestMiss, { maxItems: 10 }),
});
/** What a need goes without, and why. */
export type Unserved = Static<typeof unserved>;

/** Weeks that were solved as one, since all the same is wanted and free in them; minutes and gains are of one week. */
const solvedWeeks = closed({
  from: week,
  to: week,
  /** By severity, the least severe first. */
  servedMinutes: Type.Array(count, { minItems: 3, maxItems: 3 }),
  objective: count,
  /**
   * More cannot be gained: what the flow gains before pairs are given up for minimum blocks and limits of supporters. Where
   * it equals the objective, that is proved to be the best; else what is lost is no more than the difference.
   */
  bound: count,
  /** False where the time limit ended the solve. It is no proof that there is nothing better; that is for the bound. */
  isOptimal: Type.Boolean(),
});

const piece = { piece: count };

/** Of before the rules had numbers. */
const byFirstMethod = <Data>(data: Data) => ({ ...data, method: 1 });

/**
 * One stream for each matching round. Proposals and what is unserved come in pieces, for one append is too small; they count
 * from `RoundSolved` on, all of them, and without it not at all.
 */
export const matchingRoundEvents = eventCatalogue(streamCategory('capacity-matching', 'round'), {
  RoundRequested: {
    schema: closed({
      settings: roundSettings,
      timeLimitMs: Type.Integer({ minimum: 1 }),
      /** Of the log: what it sees is all up to there. */
      position: Type.String({ pattern: '^\\d+/\\d+$' }),
      /** Of all that it sees, in its canonical form. */
      inputsDigest: digest,
      offers: count,
      needs: count,
      /** Organisations that get no new proposals, since too much of what they were offered is still open. */
      pausedOrganisationIds: Type.Array(uuid, { maxItems: 10_000 }),
      requestedBy: subject,
    }),
  },
  RoundProposed: { schema: closed({ ...piece, proposals: Type.Array(proposal, { minItems: 1 }) }) },
  RoundUnserved: { schema: closed({ ...piece, unserved: Type.Array(unserved, { minItems: 1 }) }) },
  RoundSolved: {
    schema: closed({
      /** By which rules; see `ROUND_METHOD`. */
      method: Type.Integer({ minimum: 1 }),
      weeks: Type.Array(solvedWeeks, { minItems: 1, maxItems: 106 }),
      /** Of the prices that prove the optimum, week by week. */
      certificateDigest: digest,
      milliseconds: count,
      pairs: count,
      proposals: count,
      unserved: count,
    }),
    upcasters: [byFirstMethod],
  },
  /** One of its proposals became no allocation, since it no longer held when it was its turn: why not. */
  ProposalLeftOut: {
    schema: closed({
      needId: uuid,
      offerId: uuid,
      reasonCode: Type.String({ pattern: '^[A-Z][A-Z_]*$', maxLength: 64 }),
    }),
  },
  /** It has no result. */
  RoundStopped: { schema: closed({ reasonCode: slug }) },
});

export type MatchingRoundEvent = EventOf<typeof matchingRoundEvents>;
export type DataOf<Type extends MatchingRoundEvent['type']> = Extract<MatchingRoundEvent, { type: Type }>['data'];
