import { Type } from '@sinclair/typebox';
import { closed, day, oneOf, reason, slug, subject, uuid, version } from '../event-fields';
import { money, positiveMoney } from '../money';
import { ratePeriod } from '../terms';

const reportId = uuid;
const repaymentId = uuid;

/** The list of receipts as the log knows it: its rows name payees, which are personal data and lie in the vault. */
const receipts = closed({
  count: Type.Integer({ minimum: 0, maximum: 100_000 }),
  total: money,
  /** Days of the first and the last one; absent when there are none. */
  from: Type.Optional(day),
  to: Type.Optional(day),
  /** SHA-256 over the salt, which lies in the vault, and the rows. */
  digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

const spentLines = Type.Array(closed({ key: slug, spent: money }), { minItems: 1, maxItems: 50 });

export const proofDefinitions = {
  ReportDue: { schema: closed({ reportId, kind: oneOf(['interim', 'final']), dueOn: day }) },
  ReportReminded: { schema: closed({ reportId, occasion: day }) },
  ReportSubmitted: {
    schema: closed({
      reportId,
      version,
      /** It must not name persons. */
      narrative: Type.String({ minLength: 1, maxLength: 10_000 }),
      lines: spentLines,
      otherIncome: money,
      receipts,
      submittedBy: subject,
    }),
  },
  ReportReturned: {
    schema: closed({
      reportId,
      version,
      reasonCode: slug,
      items: Type.Array(slug, { maxItems: 30, uniqueItems: true }),
      note: Type.Optional(reason),
      reviewedBy: subject,
    }),
  },
  ReportAccepted: {
    schema: closed({
      reportId,
      version,
      /** Of the receipts, without what is disallowed. */
      spent: money,
      disallowed: money,
      /** Where the plan was not kept to. */
      deviations: Type.Array(closed({ key: slug, planned: money, spent: money }), { maxItems: 50 }),
      reviewedBy: subject,
    }),
  },
  RepaymentDemanded: {
    schema: closed({
      repaymentId,
      principal: positiveMoney,
      cause: oneOf(['unspent', 'disallowed', 'revoked']),
      dueOn: day,
      /** The rule that holds for this demand. */
      interest: Type.Array(ratePeriod, { maxItems: 20 }),
      demandedBy: subject,
    }),
  },
  /** Interest is told apart and is no part of what is returned. */
  RepaymentReceived: {
    schema: closed({ repaymentId, principal: positiveMoney, interest: money, receivedOn: day, recordedBy: subject }),
  },
  /** What is paid of the interest alone, when the principal is in another payment. */
  InterestReceived: {
    schema: closed({ repaymentId, interest: positiveMoney, receivedOn: day, recordedBy: subject }),
  },
  /** Recorded before the rows are given out. */
  ReceiptsRead: { schema: closed({ reportId, purpose: slug, readBy: subject }) },
  /** From here on no rows are given out any more. With the retention by which the clock decided. */
  ReceiptErasureDecided: {
    schema: closed({ reportId, endedOn: day, years: Type.Integer({ minimum: 0, maximum: 100 }) }),
  },
};
