import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type Static, Type } from '@sinclair/typebox';
import { closed, day, name, oneOf, scope, slug, subject, uuid } from '../event-fields';
import { currency, money, positiveMoney } from '../money';

/** What a donor gives it for; a dimension that is absent is free. */
const earmark = closed({ fieldKeys: Type.Optional(scope.fieldKeys), regionKeys: Type.Optional(scope.regionKeys) });
export type Earmark = Static<typeof earmark>;

/** Which contributions an amount is taken from. */
const cover = Type.Array(closed({ contributionId: uuid, amount: positiveMoney }), { minItems: 1, maxItems: 1000 });
export type Cover = Static<typeof cover>;

/** Each attempt to award a grant is a reservation of its own. */
const attempt = { grantId: uuid, attempt: Type.Integer({ minimum: 1 }) };

/** One stream for each pot (Topf): whatever is taken from it is decided here, so that it is never overcommitted. */
export const potEvents = eventCatalogue(streamCategory('fund', 'pot'), {
  PotOpened: { schema: closed({ name, currency, openedBy: subject }) },
  /** Of an organisation, never of a private person. */
  ContributionReceived: {
    schema: closed({
      contributionId: uuid,
      donorOrganisationId: uuid,
      amount: positiveMoney,
      receivedOn: day,
      earmark: Type.Optional(earmark),
      recordedBy: subject,
    }),
  },
  AmountReserved: { schema: closed({ ...attempt, amount: positiveMoney, cover }) },
  /** Recorded, so that a later run of the same attempt is not let pass. */
  ReservationDeclined: { schema: closed({ ...attempt, amount: positiveMoney, coverable: money }) },
  ReservationReleased: { schema: closed({ ...attempt, reasonCode: slug }) },
  /** What was reserved is committed from now on. */
  AwardConfirmed: { schema: closed(attempt) },
  /** Gives back to the contributions it was taken from, once for each settlement. */
  CommitmentReduced: {
    schema: closed({
      grantId: uuid,
      settlementId: uuid,
      amount: positiveMoney,
      cause: oneOf(['not-paid-out', 'returned']),
    }),
  },
});

export type PotEvent = EventOf<typeof potEvents>;
