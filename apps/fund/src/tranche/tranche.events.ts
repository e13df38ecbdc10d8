import { type Static, Type } from '@sinclair/typebox';
import { blocker } from '../blocker';
import { closed, day, independence, oneOf, reference, slug, subject, uuid, version } from '../event-fields';
import { money, positiveMoney } from '../money';
import { recipientStanding } from '../recipient-standing/recipient-standing.events';

/** What says that the recipient is tax-exempt. */
export const taxStatusKinds = [
  'exemption-notice',
  'corporate-tax-annex',
  /** Provisional (§ 60a AO): counts only where neither of the two above exists. */
  'section-60a-notice',
] as const;
/** In older logs also the word of one officer that it is a body of public law, which counts for nothing. */
const recordedKinds = [...taxStatusKinds, 'public-law-body'] as const;
export type TaxStatusKind = (typeof recordedKinds)[number];
const taxStatus = { kind: oneOf(recordedKinds), issuedOn: Type.Optional(day) };

const count = Type.Integer({ minimum: 0, maximum: 1000 });

/** All that the tranche gate judges by, so that it can be judged again from the log alone. */
export const gateFacts = closed({
  /** The day judged for: of the command or, when a payment is recorded, of the payment. */
  on: day,
  stage: oneOf(['awarded', 'contracted', 'revoked', 'closed']),
  awarded: money,
  /** Sum of the tranches that are not cancelled. */
  planned: money,
  paid: money,
  /** Of it, what has come back to the pot. */
  returned: money,
  tranche: closed({ amount: positiveMoney, dueOn: day, version, neededBy: Type.Optional(day) }),
  recipient: closed(recipientStanding),
  /** Whom the payment was requested for. */
  requestedFor: Type.Optional(uuid),
  approvals: closed({ needed: count, standing: count }),
  conflictedApprovers: count,
  reports: Type.Array(closed({ reportId: uuid, dueOn: day, accepted: Type.Boolean() }), { maxItems: 100 }),
  /** What the pot holds for this grant. */
  committed: money,
  taxStatuses: Type.Array(closed(taxStatus), { maxItems: 20 }),
  recipientIsPublicBody: Type.Boolean(),
  /** Those in force on the day. */
  rules: closed({ needWindowDays: count, exemptionNoticeYears: count, provisionalNoticeYears: count }),
});
export type GateFacts = Static<typeof gateFacts>;

const trancheId = uuid;
const plan = {
  trancheId,
  amount: positiveMoney,
  dueOn: day,
  /** Not paid before the reports due until then are accepted. */
  requiresReport: Type.Boolean(),
};
const payment = { trancheId, paymentId: uuid };

export const trancheDefinitions = {
  /** Each is at its version 1. */
  TranchesPlanned: {
    schema: closed({ tranches: Type.Array(closed(plan), { minItems: 1, maxItems: 24 }), plannedBy: subject }),
  },
  /** The next version, which nobody has checked or approved yet. */
  TrancheRevised: { schema: closed({ ...plan, version, revisedBy: subject }) },
  TrancheRequested: {
    schema: closed({ ...payment, recipientOrganisationId: uuid, neededBy: day, requestedBy: subject }),
  },
  TrancheChecked: {
    schema: closed({
      trancheId,
      version,
      /** Besides who has planned, requested or checked it, by the threshold of the day. */
      approvalsNeeded: Type.Union([Type.Literal(2), Type.Literal(3)]),
      gate: gateFacts,
      checkedBy: subject,
    }),
  },
  PaymentApproved: { schema: closed({ trancheId, version, approvedBy: subject, ...independence }) },
  PaymentApprovalWithdrawn: { schema: closed({ trancheId, version, withdrawnBy: subject }) },
  /** All approvals are there and the gate is open: the bank is told to pay. */
  PaymentOrdered: { schema: closed({ ...payment, version, amount: positiveMoney, gate: gateFacts }) },
  /**
   * What the bank has done, as an officer states it. It is never denied: if the gate closed after the order, `despite`
   * says what stood in the way on the day of the payment, which is a breach to be looked at.
   */
  TranchePaid: {
    schema: closed({
      ...payment,
      amount: positiveMoney,
      paidOn: day,
      /** It must not name persons. */
      bankReference: Type.String({ minLength: 1, maxLength: 140 }),
      gate: gateFacts,
      despite: Type.Array(blocker, { maxItems: 100 }),
      recordedBy: subject,
    }),
  },
  /** `notPaidOut`, of a grant that has been revoked meanwhile, goes back to the pot. */
  PaymentFailed: {
    schema: closed({ ...payment, reasonCode: slug, notPaidOut: Type.Optional(money), recordedBy: subject }),
  },
  /** Of what was requested and not yet ordered: the tranche is planned again, and open to another request. */
  PaymentCancelled: { schema: closed({ ...payment, reasonCode: slug }) },
  /** With the payment, if one had been requested. */
  TrancheCancelled: { schema: closed({ trancheId, paymentId: Type.Optional(uuid), reasonCode: slug }) },
  TaxStatusRecorded: { schema: closed({ ...taxStatus, reference, recordedBy: subject }) },
};
