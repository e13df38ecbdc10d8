import { type Static, Type } from '@sinclair/typebox';
import { blocker } from '../blocker';
import { closed, day, name, oneOf, slug, uuid } from '../event-fields';
import { positiveMoney } from '../money';
import { recipientStanding } from '../recipient-standing/recipient-standing.events';

/** 0 (nothing in common) to 1 (the same). */
const score = Type.Number({ minimum: 0, maximum: 1 });

/** What the gate against double structures saw and by which settings it judged. */
const structures = closed({
  demands: oneOf(['nothing', 'reason', 'consent']),
  reasonFrom: score,
  consentFrom: score,
  /** What overlaps so much that it counts, most first, and not more than can be read. */
  overlaps: Type.Array(
    closed({
      structureId: uuid,
      name,
      organisationId: uuid,
      organisationName: Type.Optional(name),
      score,
      terms: closed({ field: score, region: score, targetGroup: score, service: score }),
    }),
    { maxItems: 20 },
  ),
});

/** Double funding (Doppelförderung): a line of another grant to the same recipient with the same key and days in common. */
const fundedLine = closed({
  grantId: uuid,
  lineKey: slug,
  from: day,
  to: day,
  requested: positiveMoney,
  /** Of the other grant. */
  stage: slug,
});

/** By which facts eligibility was judged, so that it can be judged again from the log alone. */
export const finding = closed({
  ...recipientStanding,
  structures,
  doubleFunding: Type.Array(fundedLine, { maxItems: 100 }),
  /** Those that did not stop it where it was judged: that the consent of a second person is still to come. */
  blockers: Type.Array(blocker, { maxItems: 100 }),
});
export type Finding = Static<typeof finding>;
