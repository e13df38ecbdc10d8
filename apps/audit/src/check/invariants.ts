import { fourEyesOnDecisions } from './four-eyes-on-decisions';
import { fourEyesOnPayments } from './four-eyes-on-payments';
import type { Invariant } from './invariant';
import { noConflictedApprover } from './no-conflicted-approver';
import { paymentGate } from './payment-gate';
import { potNeverNegative } from './pot-never-negative';
import { reservationsAndAwards } from './reservations-and-awards';
import { withinTheAward } from './within-the-award';

/** All that `check` proves. */
export const invariants: readonly Invariant[] = [
  fourEyesOnDecisions,
  fourEyesOnPayments,
  noConflictedApprover,
  potNeverNegative,
  withinTheAward,
  paymentGate,
  reservationsAndAwards,
];
