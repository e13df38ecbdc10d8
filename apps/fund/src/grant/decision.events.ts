import { Type } from '@sinclair/typebox';
import {
  closed,
  day,
  independence,
  name,
  oneOf,
  reason,
  reference,
  scope,
  slug,
  subject,
  uuid,
  version,
} from '../event-fields';
import { money, positiveMoney } from '../money';
import { recipientStanding } from '../recipient-standing/recipient-standing.events';
import { terms } from '../terms';
import { finding } from './finding';

const outcomes = ['approved', 'approved-with-conditions', 'rejected', 'deferred'] as const;
const conditions = Type.Array(reason, { maxItems: 20 });
/** Counts the awards that were tried, from 1; each is one reservation in the pot. */
const attempt = Type.Integer({ minimum: 1 });

/** What is funded where, by the application that was decided on: an award is told of in one piece. */
const funded = closed({
  callId: uuid,
  structureId: uuid,
  title: name,
  ...scope,
  projectFrom: day,
  projectTo: day,
});

export const decisionDefinitions = {
  /** Each is the next version, which nobody has approved yet. */
  DecisionProposed: {
    schema: closed({
      version,
      outcome: oneOf(outcomes),
      /** With the outcomes that award. */
      amount: Type.Optional(positiveMoney),
      terms: Type.Optional(terms),
      conditions,
      /** Until when it is deferred. */
      until: Type.Optional(day),
      reason,
      /** Besides who has requested or proposed it, by the threshold of the day. */
      approvalsNeeded: Type.Union([Type.Literal(2), Type.Literal(3)]),
      /** What the reason was given in the sight of. */
      doubleFunding: finding.properties.doubleFunding,
      proposedBy: subject,
    }),
  },
  DecisionApproved: { schema: closed({ version, approvedBy: subject, ...independence }) },
  DecisionApprovalWithdrawn: { schema: closed({ version, withdrawnBy: subject }) },
  /** All approvals are there; the award waits for the pot. */
  AwardDecided: { schema: closed({ attempt, version, amount: positiveMoney, eligibility: finding }) },
  GrantRejected: { schema: closed({ version }) },
  GrantDeferred: { schema: closed({ version, until: Type.Optional(day) }) },
  GrantAwarded: {
    schema: closed({
      attempt,
      version,
      amount: positiveMoney,
      terms,
      conditions,
      recipientOrganisationId: uuid,
      funded,
      standing: closed(recipientStanding),
      interestedOrganisationIds: independence.interestedOrganisationIds,
    }),
  },
  /** The pot did not suffice, or what had been decided on no longer held. */
  AwardBlocked: { schema: closed({ attempt, code: Type.String({ minLength: 1, maxLength: 60 }), detail: reason }) },
  GrantContracted: { schema: closed({ signedOn: day, reference, contractedBy: subject }) },
  /** Stops payments. `notPaidOut` goes back to the pot: what was awarded and neither paid nor with the bank. */
  GrantRevoked: { schema: closed({ reasonCode: slug, notPaidOut: money, revokedBy: subject }) },
  /** `spent` by the last final report that was accepted, `returned` without interest; 0 where there is none. */
  GrantClosed: { schema: closed({ notPaidOut: money, spent: money, returned: money, closedBy: subject }) },
};
