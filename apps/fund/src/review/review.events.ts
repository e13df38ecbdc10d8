import { type Static, Type } from '@sinclair/typebox';
import { closed, independence, oneOf, slug, subject } from '../event-fields';
import { money } from '../money';

export const recommendations = ['fund', 'fund-with-conditions', 'reject'] as const;

const review = closed({
  reviewedBy: subject,
  ...independence,
  scores: Type.Array(closed({ key: slug, points: Type.Integer({ minimum: 0, maximum: 100 }) }), {
    minItems: 1,
    maxItems: 20,
  }),
  /** The scores by the weights of the call, in ten-thousandths of what can be reached. */
  weighted: Type.Integer({ minimum: 0, maximum: 10_000 }),
  /** It must not name persons. */
  rationale: Type.String({ minLength: 1, maxLength: 4000 }),
  recommendation: oneOf(recommendations),
  amount: Type.Optional(money),
});
export type Review = Static<typeof review>;

export const reviewDefinitions = {
  /** All who review from now on; those assigned before and not named again no longer do. */
  ReviewersAssigned: {
    schema: closed({
      subjects: Type.Array(subject, { minItems: 2, maxItems: 3, uniqueItems: true }),
      assignedBy: subject,
    }),
  },
  /** In place of the one that the same person submitted before. */
  ReviewSubmitted: { schema: review },
};
