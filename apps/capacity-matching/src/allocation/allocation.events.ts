import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';
import { closed, MOST_MINUTES_A_WEEK, oneOf, slug, subject, utcTime, uuid, week, weekRuns } from '../event-fields';

export const sides = ['helping', 'supporting'] as const;
export type Side = (typeof sides)[number];

const side = oneOf(sides);
/** Delivered, which can be none. */
const delivered = Type.Integer({ minimum: 0, maximum: MOST_MINUTES_A_WEEK });

/** One stream for each allocation of an offer's minutes to a need. A machine proposes; both sides confirm. */
export const allocationEvents = eventCatalogue(streamCategory('capacity-matching', 'allocation'), {
  AllocationProposed: {
    schema: closed({
      offerId: uuid,
      needId: uuid,
      supportingOrganisationId: uuid,
      helpingOrganisationId: uuid,
      weeks: weekRuns,
      /** Until when both sides have to have accepted. */
      expiresAt: utcTime,
      /** The round that proposed it; a coordinator when absent. */
      roundId: Type.Optional(uuid),
    }),
  },
  /** The offer holds the minutes. */
  CapacitySecured: { schema: closed({}) },
  AllocationAccepted: { schema: closed({ side, acceptedBy: subject }) },
  AllocationDeclined: { schema: closed({ side, reasonCode: slug, declinedBy: subject }) },
  AllocationExpired: { schema: closed({ waitedFor: Type.Array(side, { minItems: 1, maxItems: 2 }) }) },
  /** Both sides have accepted. */
  AllocationStarted: { schema: closed({}) },
  /** What one side says was worked in a week; the later word of a side replaces its earlier one. */
  HoursReported: { schema: closed({ side, week, minutes: delivered, reportedBy: subject }) },
  /** The sides say different things of a week. */
  DeliveryDisputed: { schema: closed({ week, helping: delivered, supporting: delivered }) },
  /** Both sides say the same of every week now. */
  AllocationDelivered: { schema: closed({ minutes: Type.Integer({ minimum: 0 }) }) },
  /** Given up, from that week on; altogether when absent. What was worked before stays to be reported. */
  AllocationReleased: { schema: closed({ reasonCode: slug, fromWeek: Type.Optional(week) }) },
  /** It never came about: the offer could not hold the minutes, or had to give them to others. */
  AllocationFailed: { schema: closed({ reasonCode: slug }) },
});

export type AllocationEvent = EventOf<typeof allocationEvents>;
