import type { GrantEvent } from './grant.events';
import type { GrantProgress } from './grant-stage';

/** The amounts of a grant, in cents of its pot's currency: see the glossary for what each of them is. */
export type GrantAmounts = Readonly<Record<AmountName, number>>;

export const amountNames = [
  'requested',
  'recommended',
  'awarded',
  'disbursed',
  'remaining',
  'spent',
  'returned',
] as const;
export type AmountName = (typeof amountNames)[number];

export const noAmounts: GrantAmounts = {
  requested: 0,
  recommended: 0,
  awarded: 0,
  disbursed: 0,
  remaining: 0,
  spent: 0,
  returned: 0,
};

/** `finalReport` as it is known before the event. */
export function evolveAmounts(
  amounts: GrantAmounts,
  event: GrantEvent,
  { finalReport }: Pick<GrantProgress, 'finalReport'>,
): GrantAmounts {
  switch (event.type) {
    case 'ApplicationSubmitted':
      return { ...amounts, requested: event.data.requested.cents };
    case 'InformationRequested':
      return { ...amounts, recommended: 0 };
    case 'DecisionProposed':
      return { ...amounts, recommended: event.data.amount?.cents ?? 0 };
    case 'GrantAwarded': {
      const { cents } = event.data.amount;
      return { ...amounts, awarded: cents, remaining: cents };
    }
    case 'TranchePaid': {
      const { cents } = event.data.amount;
      // What the bank still pays after a revocation is of nothing that remains.
      const remaining = Math.max(0, amounts.remaining - cents);
      return { ...amounts, disbursed: amounts.disbursed + cents, remaining };
    }
    case 'ReportAccepted':
      return event.data.reportId === finalReport?.reportId ? { ...amounts, spent: event.data.spent.cents } : amounts;
    case 'RepaymentReceived':
      return { ...amounts, returned: amounts.returned + event.data.principal.cents };
    case 'GrantWithdrawn':
    case 'GrantRevoked':
    case 'GrantClosed':
      return { ...amounts, remaining: 0 };
    default:
      return amounts;
  }
}
