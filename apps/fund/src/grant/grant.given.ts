import type { CommandContext, RecordedEvent } from '@alliance/event-sourcing';
import type { CallFacts } from '../call/call.events';
import type { Money } from '../money';
import type { GateFacts } from '../tranche/tranche.events';
import type { Application } from './application.events';
import type { Finding } from './finding';
import { type DataOf, type GrantEvent, grantEvents } from './grant.events';

/** What the specifications over the stream of a grant begin with: who is who, and one history from draft to closing. */
export const ids = {
  grant: '9a1c8e54-2d3f-4b6a-8c71-5e0f9d2b4a36',
  call: 'c1d2e3f4-0a1b-4c2d-8e3f-4a5b6c7d8e9f',
  pot: 'b0a1c2d3-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  /** The organisation that applies, and receives. */
  applicant: '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d',
  donor: 'd0d0d0d0-1111-4222-8333-444444444444',
  structure: '5b9e7a52-1f0c-4c3e-8d26-6a3f1c2b7e90',
  firstTranche: '10000000-0000-4000-8000-000000000001',
  secondTranche: '10000000-0000-4000-8000-000000000002',
  payment: '20000000-0000-4000-8000-000000000001',
  report: '30000000-0000-4000-8000-000000000001',
  repayment: '40000000-0000-4000-8000-000000000001',
};

/** Who does what in the history below; `approver-3` and `reviewer-3` have no part in it. */
export const who = {
  representative: 'representative-1',
  draftsOnly: 'representative-2',
  officer: 'officer-1',
  checker: 'officer-2',
  reviewers: ['reviewer-1', 'reviewer-2'],
  approvers: ['approver-1', 'approver-2'],
  idle: ['approver-3', 'reviewer-3'],
} as const;

const rolesOf: Readonly<Record<string, string>> = { officer: 'fund-officer' };

/** A command of the person; `approver-1` has the role `approver`, `officer-1` that of a fund officer. */
export function context(subject: string, of?: string, at = '2026-03-20T10:00:00.000Z'): CommandContext {
  const kind = subject.replace(/-\d+$/, '');
  return {
    commandId: '00000000-0000-4000-8000-000000000001',
    correlationId: 'spec',
    causationId: 'spec',
    actor: { subject, roles: [rolesOf[kind] ?? kind], ...(of !== undefined && { organisationId: of }) },
    at,
  };
}

export function euros(units: number): Money {
  return { cents: units * 100, currency: 'EUR' };
}

export const theCall: CallFacts = {
  title: 'Ankommen und Orientierung',
  opensAt: '2026-01-01T00:00:00.000Z',
  closesAt: '2026-03-01T00:00:00.000Z',
  fieldKeys: ['orientation'],
  regionKeys: ['09000000'],
  minimum: euros(1_000),
  maximum: euros(40_000),
  criteria: [
    { key: 'need', label: 'Bedarf', weightPercent: 60, mostPoints: 10 },
    { key: 'reach', label: 'Reichweite', weightPercent: 40, mostPoints: 10 },
  ],
  requiredDocuments: ['statutes'],
  costLines: ['staff', 'rent'],
  terms: {
    proofDueMonths: 6,
    lineTolerancePercent: 20,
    needWindowDays: 42,
    spendWithinYears: 2,
    interest: [{ validFrom: '2022-01-01', basisPoints: 500 }],
  },
};

export const theApplication: Application = {
  title: 'Beratung in zwei Sprachen',
  summary: 'Zwei weitere Beratungstage in der Woche.',
  fieldKeys: ['orientation'],
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
  projectFrom: '2026-04-01',
  projectTo: '2026-12-31',
  structureId: ids.structure,
  lines: [
    {
      key: 'staff',
      purpose: 'Beratung',
      total: euros(12_000),
      requested: euros(9_000),
      from: '2026-04-01',
      to: '2026-12-31',
    },
    {
      key: 'rent',
      purpose: 'Räume',
      total: euros(3_000),
      requested: euros(3_000),
      from: '2026-04-01',
      to: '2026-12-31',
    },
  ],
  otherIncome: [{ source: 'own-funds', amount: euros(3_000) }],
  documents: [{ kind: 'statutes', reference: 'dms/2026/117', issuedOn: '2020-05-04' }],
};

const admitted = { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' } as const;

export const eligible: Finding = {
  ...admitted,
  structures: { demands: 'nothing', reasonFrom: 0.3, consentFrom: 0.7, overlaps: [] },
  doubleFunding: [],
  blockers: [],
};

/** What the gate of the first tranche saw when it was open. */
export const openGate: GateFacts = {
  on: '2026-03-20',
  stage: 'contracted',
  awarded: euros(10_000),
  planned: euros(10_000),
  paid: euros(0),
  returned: euros(0),
  tranche: { amount: euros(6_000), dueOn: '2026-04-01', version: 1, neededBy: '2026-04-01' },
  recipient: admitted,
  requestedFor: ids.applicant,
  approvals: { needed: 2, standing: 2 },
  conflictedApprovers: 0,
  reports: [],
  committed: euros(10_000),
  taxStatuses: [{ kind: 'exemption-notice', issuedOn: '2024-06-01' }],
  recipientIsPublicBody: false,
  rules: { needWindowDays: 42, exemptionNoticeYears: 5, provisionalNoticeYears: 3 },
};

/** Everyone with a part in it has declared to have no conflict of interest, besides the applicant's side. */
const cleared: readonly GrantEvent[] = [who.officer, who.checker, ...who.reviewers, ...who.approvers, ...who.idle].map(
  (subject) => ({ type: 'NoConflictDeclared', data: { subject } }),
);

const review = (reviewedBy: string, points: number): DataOf<'ReviewSubmitted'> => ({
  reviewedBy,
  organisationIds: [],
  interestedOrganisationIds: [ids.applicant, ids.donor],
  scores: theCall.criteria.map(({ key }) => ({ key, points })),
  weighted: points * 1_000,
  rationale: 'Knüpft an Bestehendes an.',
  recommendation: 'fund',
});

const approvalOf = (version: number, approvedBy: string): DataOf<'DecisionApproved'> => ({
  version,
  approvedBy,
  organisationIds: [],
  interestedOrganisationIds: [ids.applicant, ids.donor],
});

/** From one step of a grant's life to the next, and what happens in it. */
const history = {
  drafted: [
    {
      type: 'GrantDrafted',
      data: {
        callId: ids.call,
        potId: ids.pot,
        applicantOrganisationId: ids.applicant,
        currency: 'EUR',
        call: theCall,
        draftedBy: who.draftsOnly,
      },
    },
    { type: 'ApplicationRevised', data: { application: theApplication, revisedBy: who.representative } },
  ],
  submitted: [
    {
      type: 'ApplicationSubmitted',
      data: {
        version: 1,
        application: theApplication,
        requested: euros(12_000),
        eligibility: eligible,
        submittedBy: who.representative,
      },
    },
  ],
  'in-review': [
    { type: 'FormalCheckPassed', data: { version: 1, eligibility: eligible, checkedBy: who.checker } },
    ...cleared,
    { type: 'ReviewersAssigned', data: { subjects: [...who.reviewers], assignedBy: who.checker } },
  ],
  reviewed: [
    { type: 'ReviewSubmitted', data: review(who.reviewers[0], 8) },
    { type: 'ReviewSubmitted', data: review(who.reviewers[1], 7) },
  ],
  recommended: [
    {
      type: 'DecisionProposed',
      data: {
        version: 1,
        outcome: 'approved',
        amount: euros(10_000),
        terms: theCall.terms,
        conditions: [],
        reason: 'Beide Gutachten empfehlen es.',
        approvalsNeeded: 2,
        doubleFunding: [],
        proposedBy: who.officer,
      },
    },
  ],
  awarding: [
    { type: 'DecisionApproved', data: approvalOf(1, who.approvers[0]) },
    { type: 'DecisionApproved', data: approvalOf(1, who.approvers[1]) },
    { type: 'AwardDecided', data: { attempt: 1, version: 1, amount: euros(10_000), eligibility: eligible } },
  ],
  awarded: [
    {
      type: 'GrantAwarded',
      data: {
        attempt: 1,
        version: 1,
        amount: euros(10_000),
        terms: theCall.terms,
        conditions: [],
        recipientOrganisationId: ids.applicant,
        funded: {
          callId: ids.call,
          structureId: ids.structure,
          title: theApplication.title,
          fieldKeys: theApplication.fieldKeys,
          regionKeys: theApplication.regionKeys,
          projectFrom: theApplication.projectFrom,
          projectTo: theApplication.projectTo,
        },
        standing: admitted,
        interestedOrganisationIds: [ids.applicant, ids.donor],
      },
    },
  ],
  contracted: [
    {
      type: 'GrantContracted',
      data: { signedOn: '2026-03-15', reference: 'dms/2026/230', contractedBy: who.officer },
    },
  ],
  planned: [
    {
      type: 'TranchesPlanned',
      data: {
        tranches: [
          { trancheId: ids.firstTranche, amount: euros(6_000), dueOn: '2026-04-01', requiresReport: false },
          { trancheId: ids.secondTranche, amount: euros(4_000), dueOn: '2026-09-01', requiresReport: true },
        ],
        plannedBy: who.officer,
      },
    },
    {
      type: 'TaxStatusRecorded',
      data: {
        kind: 'exemption-notice',
        issuedOn: '2024-06-01',
        reference: 'dms/2024/88',
        recordedBy: who.officer,
      },
    },
  ],
  requested: [
    {
      type: 'TrancheRequested',
      data: {
        trancheId: ids.firstTranche,
        paymentId: ids.payment,
        recipientOrganisationId: ids.applicant,
        neededBy: '2026-04-01',
        requestedBy: who.representative,
      },
    },
  ],
  checked: [
    {
      type: 'TrancheChecked',
      data: {
        trancheId: ids.firstTranche,
        version: 1,
        approvalsNeeded: 2,
        gate: { ...openGate, approvals: { needed: 2, standing: 0 } },
        checkedBy: who.checker,
      },
    },
  ],
  ordered: [
    { type: 'PaymentApproved', data: { trancheId: ids.firstTranche, ...approvalOf(1, who.approvers[0]) } },
    { type: 'PaymentApproved', data: { trancheId: ids.firstTranche, ...approvalOf(1, who.approvers[1]) } },
    {
      type: 'PaymentOrdered',
      data: { trancheId: ids.firstTranche, paymentId: ids.payment, version: 1, amount: euros(6_000), gate: openGate },
    },
  ],
  paid: [
    {
      type: 'TranchePaid',
      data: {
        trancheId: ids.firstTranche,
        paymentId: ids.payment,
        amount: euros(6_000),
        paidOn: '2026-03-21',
        bankReference: 'SEPA 2026-03-21/4',
        gate: { ...openGate, on: '2026-03-21' },
        despite: [],
        recordedBy: who.officer,
      },
    },
  ],
  'report-due': [
    { type: 'TrancheCancelled', data: { trancheId: ids.secondTranche, reasonCode: 'not-needed' } },
    { type: 'ReportDue', data: { reportId: ids.report, kind: 'final', dueOn: '2027-06-30' } },
  ],
  'report-under-review': [
    {
      type: 'ReportSubmitted',
      data: {
        reportId: ids.report,
        version: 1,
        narrative: 'An zwei Tagen der Woche wurde beraten.',
        lines: [
          { key: 'staff', spent: euros(5_000) },
          { key: 'rent', spent: euros(500) },
        ],
        otherIncome: euros(0),
        receipts: {
          count: 2,
          total: euros(5_500),
          from: '2026-04-30',
          to: '2026-12-15',
          digest: 'a'.repeat(64),
        },
        submittedBy: who.representative,
      },
    },
  ],
  'report-accepted': [
    {
      type: 'ReportAccepted',
      data: {
        reportId: ids.report,
        version: 1,
        spent: euros(5_500),
        disallowed: euros(0),
        deviations: [],
        reviewedBy: who.officer,
      },
    },
  ],
  'repayment-demanded': [
    {
      type: 'RepaymentDemanded',
      data: {
        repaymentId: ids.repayment,
        principal: euros(500),
        cause: 'unspent',
        dueOn: '2027-09-30',
        interest: theCall.terms.interest,
        demandedBy: who.officer,
      },
    },
  ],
  repaid: [
    {
      type: 'RepaymentReceived',
      data: {
        repaymentId: ids.repayment,
        principal: euros(500),
        interest: euros(0),
        receivedOn: '2027-09-15',
        recordedBy: who.officer,
      },
    },
  ],
  closed: [
    {
      type: 'GrantClosed',
      data: { notPaidOut: euros(4_000), spent: euros(5_500), returned: euros(500), closedBy: who.officer },
    },
  ],
} as const satisfies Readonly<Record<string, readonly GrantEvent[]>>;

export type Step = keyof typeof history;
export const steps = Object.keys(history) as Step[];

/** The history of a grant of 10,000 EUR, of which 6,000 are paid and 500 come back, up to and including the step. */
export function aGrant({ upTo }: { readonly upTo: Step }): GrantEvent[] {
  return steps.slice(0, steps.indexOf(upTo) + 1).flatMap((step): readonly GrantEvent[] => history[step]);
}

/** These events in the log, from the nth of the grant's stream on, an hour after one another. */
export function inLog(events: readonly GrantEvent[], firstRevision = 0, id: string = ids.grant): RecordedEvent[] {
  return events.map((event, index) => {
    const revision = BigInt(firstRevision + index);
    const occurredAt = new Date(Date.UTC(2026, 1, 1, firstRevision + index)).toISOString();
    return {
      ...event,
      streamName: grantEvents.category.streamName(id),
      revision,
      position: { commit: revision, prepare: revision },
      metadata: {
        eventId: `50000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
        commandId: `60000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
        correlationId: 'spec',
        causationId: 'spec',
        actor: { subject: 'somebody', roles: [] },
        occurredAt,
        schemaVersion: 1,
      },
    };
  });
}
