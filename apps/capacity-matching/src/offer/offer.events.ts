import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import {
  closed,
  day,
  fieldKeys,
  languages,
  minutes,
  MOST_SEATS,
  oneOf,
  organisationIds,
  reference,
  regionKey,
  skills,
  slug,
  subject,
  utcTime,
  uuid,
  week,
  weeklyWindow,
  weekRuns,
} from '../event-fields';

/** What is offered: the time of anonymous seats, never of named employees. */
const offerFacts = closed({
  skills,
  languages,
  fieldKeys,
  /** Where help can be given in person, and in whatever lies within; none when it is remote only. */
  regionKeys: Type.Array(regionKey, { maxItems: 500, uniqueItems: true }),
  isRemotePossible: Type.Boolean(),
  ...weeklyWindow,
  /** `minutesPerWeek` are those of all seats together. */
  seats: Type.Integer({ minimum: 1, maximum: MOST_SEATS }),
  /** One need takes at least so many minutes of a week, or none. */
  minimumBlockMinutes: Type.Optional(minutes),
  /** Days from an allocation to the first day of help. */
  leadTimeDays: Type.Integer({ minimum: 0, maximum: 366 }),
  /** Organisations that are not to be matched with it. */
  excludedOrganisationIds: organisationIds,
});
export type OfferFacts = Static<typeof offerFacts>;

const allocation = { allocationId: uuid };

/** One stream for each offer: whatever is taken of its minutes is decided here, so that no week is ever oversold. */
export const offerEvents = eventCatalogue(streamCategory('capacity-matching', 'offer'), {
  OfferPublished: { schema: closed({ organisationId: uuid, facts: offerFacts, publishedBy: subject }) },
  OfferRevised: { schema: closed({ facts: offerFacts, revisedBy: subject }) },
  /** Someone has looked and says that it still holds. */
  OfferAssured: { schema: closed({ assuredBy: subject }) },
  /** Proof of a qualification that hard safety rules ask for, such as work with children; seen by a coordinator. */
  QualificationProved: { schema: closed({ key: slug, evidence: reference, validUntil: day, checkedBy: subject }) },
  /** Nothing new is taken of it as long as the reason holds; what is taken stays. There can be several reasons at once. */
  OfferPaused: { schema: closed({ reasonCode: slug }) },
  /** That reason holds no longer. */
  OfferResumed: { schema: closed({ reasonCode: slug }) },
  /** For good. */
  OfferWithdrawn: { schema: closed({ reasonCode: slug }) },
  /** Until `expiresAt`, unless it is confirmed before. */
  CapacityHeld: { schema: closed({ ...allocation, needId: uuid, weeks: weekRuns, expiresAt: utcTime }) },
  /** Recorded, so that a later run of the same hold is not let pass. `free`: of the weeks that are short. */
  HoldDeclined: {
    schema: closed({
      ...allocation,
      reasonCode: oneOf(['capacity-taken', 'offer-paused', 'offer-withdrawn', 'block-too-small']),
      short: Type.Array(closed({ week, wanted: minutes, free: Type.Integer({ minimum: 0 }) }), { maxItems: 106 }),
    }),
  },
  /** Both sides have accepted; the hold no longer expires. */
  HoldConfirmed: { schema: closed(allocation) },
  /** From that week on the minutes are free again; all of them when absent. */
  HoldReleased: { schema: closed({ ...allocation, reasonCode: slug, fromWeek: Type.Optional(week) }) },
});

export type OfferEvent = EventOf<typeof offerEvents>;
