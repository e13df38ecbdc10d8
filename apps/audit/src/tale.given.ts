import { randomUUID } from 'node:crypto';
import type { EventCatalogue } from '@alliance/event-sourcing';
import {
  type CallEvent,
  callEvents,
  type GrantEvent,
  grantEvents,
  type Money,
  type PotEvent,
  potEvents,
} from '@alliance/fund/events';
import type { Planted } from './audit.given';

type DataOf<Type extends GrantEvent['type']> = Extract<GrantEvent, { type: Type }>['data'];

export const euros = (units: number): Money => ({ cents: units * 100, currency: 'EUR' });

const catalogues: Readonly<Record<'grant' | 'pot' | 'call', EventCatalogue>> = {
  grant: grantEvents,
  pot: potEvents,
  call: callEvents,
};

/**
 * A grant from its call to its closing, of a pot of its own, as the service would have written it: 10,000 EUR awarded,
 * 6,000 paid, 500 paid back. Each event is an hour after the one before, from 1 March 2026 on.
 */
export function aTale() {
  const ids = {
    ...{ grant: randomUUID(), pot: randomUUID(), call: randomUUID(), contribution: randomUUID() },
    ...{ applicant: randomUUID(), donor: randomUUID(), structure: randomUUID(), report: randomUUID() },
    ...{ first: randomUUID(), second: randomUUID(), payment: randomUUID(), repayment: randomUUID() },
  };
  const tale: Planted[] = [];
  const eventIds = new Map<string, string>();
  const eventId = (key: string) => {
    const id = eventIds.get(key) ?? randomUUID();
    eventIds.set(key, id);
    return id;
  };
  const step = (
    key: string,
    stream: 'grant' | 'pot' | 'call',
    event: GrantEvent | PotEvent | CallEvent,
    by = 'officer-1',
    causedBy?: string,
  ) => {
    const roles = by.startsWith('fund.') ? [] : [by.replace(/-\d$/, '')];
    const at = new Date(Date.UTC(2026, 2, 1, tale.length)).toISOString();
    const cause = causedBy === undefined ? undefined : eventId(causedBy);
    const id = { grant: ids.grant, pot: ids.pot, call: ids.call }[stream];
    const where = { catalogue: catalogues[stream], id };
    tale.push({ key, ...where, event, by, roles, eventId: eventId(key), causedBy: cause, at });
  };

  const call = {
    title: 'Ankommen',
    ...{ opensAt: '2026-01-01T00:00:00.000Z', closesAt: '2026-04-01T00:00:00.000Z' },
    ...{ fieldKeys: ['orientation'], regionKeys: ['09000000'], minimum: euros(1), maximum: euros(40_000) },
    criteria: [{ key: 'need', label: 'Bedarf', weightPercent: 100, mostPoints: 10 }],
    ...{ requiredDocuments: [], costLines: ['staff'] },
    terms: { proofDueMonths: 6, lineTolerancePercent: 20, needWindowDays: 42, spendWithinYears: 2, interest: [] },
  };
  const admitted = { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' } as const;
  const finding = {
    ...admitted,
    structures: { demands: 'nothing' as const, reasonFrom: 0.3, consentFrom: 0.7, overlaps: [] },
    ...{ doubleFunding: [], blockers: [] },
  };
  const project = { projectFrom: '2026-04-01', projectTo: '2026-12-31', structureId: ids.structure };
  const application = {
    ...{ title: '=Beratung', summary: 'Beratung.', fieldKeys: ['orientation'], regionKeys: ['09162000'] },
    ...{ targetGroups: ['families'], service: 'legal-advice', ...project },
    lines: [
      {
        ...{ key: 'staff', purpose: 'Beratung', total: euros(12_000), requested: euros(12_000) },
        ...{ from: '2026-04-01', to: '2026-12-31' },
      },
    ],
    ...{ otherIncome: [], documents: [] },
  };
  const independent = { organisationIds: [], interestedOrganisationIds: [ids.applicant, ids.donor] };
  const gate = {
    ...{ on: '2026-03-03', stage: 'contracted' as const, awarded: euros(10_000), planned: euros(10_000) },
    ...{ paid: euros(0), returned: euros(0), committed: euros(10_000) },
    tranche: { amount: euros(6_000), dueOn: '2026-04-01', version: 1, neededBy: '2026-04-01' },
    ...{ recipient: admitted, requestedFor: ids.applicant, approvals: { needed: 2, standing: 2 } },
    ...{ conflictedApprovers: 0, reports: [] },
    taxStatuses: [{ kind: 'exemption-notice' as const, issuedOn: '2024-06-01' }],
    recipientIsPublicBody: false,
    rules: { needWindowDays: 42, exemptionNoticeYears: 5, provisionalNoticeYears: 3 },
  } satisfies DataOf<'PaymentOrdered'>['gate'];

  step('call', 'call', {
    type: 'CallPublished',
    data: { potId: ids.pot, call, panel: [], publishedBy: 'officer-1' },
  });
  step('pot', 'pot', { type: 'PotOpened', data: { name: '=Soforthilfe', currency: 'EUR', openedBy: 'officer-1' } });
  step('contribution', 'pot', {
    type: 'ContributionReceived',
    data: {
      ...{ contributionId: ids.contribution, donorOrganisationId: ids.donor, amount: euros(12_000) },
      ...{ receivedOn: '2026-03-01', recordedBy: 'officer-1' },
    },
  });
  const origin = { callId: ids.call, potId: ids.pot, applicantOrganisationId: ids.applicant, currency: 'EUR' as const };
  const draftedBy = 'representative-1';
  step('drafted', 'grant', { type: 'GrantDrafted', data: { ...origin, call, draftedBy } }, draftedBy);
  const submission = { version: 1, application, requested: euros(12_000), eligibility: finding };
  step(
    'submitted',
    'grant',
    { type: 'ApplicationSubmitted', data: { ...submission, submittedBy: draftedBy } },
    draftedBy,
  );
  step('formal', 'grant', {
    type: 'FormalCheckPassed',
    data: { version: 1, eligibility: finding, checkedBy: 'officer-1' },
  });
  for (const subject of ['approver-1', 'approver-2', 'approver-3']) {
    step(`cleared ${subject}`, 'grant', { type: 'NoConflictDeclared', data: { subject } }, subject);
  }
  for (const reviewedBy of ['reviewer-1', 'reviewer-2']) {
    const said = { scores: [{ key: 'need', points: 8 }], weighted: 8_000, rationale: 'Trägt.' };
    const review = { reviewedBy, ...independent, ...said, recommendation: 'fund' as const };
    step(`reviewed ${reviewedBy}`, 'grant', { type: 'ReviewSubmitted', data: review }, reviewedBy);
  }
  step('proposed', 'grant', {
    type: 'DecisionProposed',
    data: {
      ...{ version: 1, outcome: 'approved', amount: euros(10_000), terms: call.terms, conditions: [] },
      ...{ reason: 'Beide Gutachten\nempfehlen es.', approvalsNeeded: 2, doubleFunding: [], proposedBy: 'officer-1' },
    },
  });
  const approve = (key: string, approvedBy: string) =>
    step(key, 'grant', { type: 'DecisionApproved', data: { version: 1, approvedBy, ...independent } }, approvedBy);
  approve('approved 1', 'approver-1');
  approve('approved 2', 'approver-2');
  const award = { attempt: 1, version: 1, amount: euros(10_000) };
  step('decided', 'grant', { type: 'AwardDecided', data: { ...award, eligibility: finding } }, 'approver-2');
  const attempt = { grantId: ids.grant, attempt: 1 };
  const cover = [{ contributionId: ids.contribution, amount: euros(10_000) }];
  const reserved: PotEvent = { type: 'AmountReserved', data: { ...attempt, amount: euros(10_000), cover } };
  step('reserved', 'pot', reserved, 'fund.award', 'decided');
  step(
    'awarded',
    'grant',
    {
      type: 'GrantAwarded',
      data: {
        ...{ ...award, terms: call.terms, conditions: [], recipientOrganisationId: ids.applicant, standing: admitted },
        funded: {
          callId: ids.call,
          title: 'Beratung',
          fieldKeys: ['orientation'],
          regionKeys: ['09162000'],
          ...project,
        },
        interestedOrganisationIds: [ids.applicant, ids.donor],
      },
    },
    'fund.award',
    'decided',
  );
  step('confirmed', 'pot', { type: 'AwardConfirmed', data: attempt }, 'fund.award', 'awarded');
  step('contracted', 'grant', {
    type: 'GrantContracted',
    data: { signedOn: '2026-03-02', reference: 'dms/1', contractedBy: 'officer-1' },
  });
  const plan = (trancheId: string, units: number, dueOn: string) => {
    return { trancheId, amount: euros(units), dueOn, requiresReport: false };
  };
  step('planned', 'grant', {
    type: 'TranchesPlanned',
    data: {
      tranches: [plan(ids.first, 6_000, '2026-04-01'), plan(ids.second, 4_000, '2026-09-01')],
      plannedBy: 'officer-1',
    },
  });
  const notice = { kind: 'exemption-notice' as const, issuedOn: '2024-06-01', reference: 'dms/2' };
  step('tax', 'grant', { type: 'TaxStatusRecorded', data: { ...notice, recordedBy: 'officer-1' } });
  const payment = { trancheId: ids.first, paymentId: ids.payment };
  const request = { ...payment, recipientOrganisationId: ids.applicant, neededBy: '2026-04-01' };
  step('requested', 'grant', { type: 'TrancheRequested', data: { ...request, requestedBy: draftedBy } }, draftedBy);
  step('checked', 'grant', {
    type: 'TrancheChecked',
    data: { trancheId: ids.first, version: 1, approvalsNeeded: 2, gate, checkedBy: 'officer-1' },
  });
  const approvePayment = (key: string, approvedBy: string) => {
    const data = { trancheId: ids.first, version: 1, approvedBy, ...independent };
    step(key, 'grant', { type: 'PaymentApproved', data }, approvedBy);
  };
  approvePayment('payment approved 1', 'approver-1');
  approvePayment('payment approved 2', 'approver-2');
  const order: DataOf<'PaymentOrdered'> = { ...payment, version: 1, amount: euros(6_000), gate };
  step('ordered', 'grant', { type: 'PaymentOrdered', data: order }, 'approver-2');
  const paid: DataOf<'TranchePaid'> = {
    ...{ ...payment, amount: euros(6_000), paidOn: '2026-03-03', bankReference: 'SEPA 1', gate, despite: [] },
    recordedBy: 'officer-1',
  };
  step('paid', 'grant', { type: 'TranchePaid', data: paid });
  step('cancelled', 'grant', {
    type: 'TrancheCancelled',
    data: { trancheId: ids.second, reasonCode: 'not-needed' },
  });
  step('report due', 'grant', {
    type: 'ReportDue',
    data: { reportId: ids.report, kind: 'final', dueOn: '2027-06-30' },
  });
  step('demanded', 'grant', {
    type: 'RepaymentDemanded',
    data: {
      ...{ repaymentId: ids.repayment, principal: euros(500), cause: 'unspent', dueOn: '2027-09-30', interest: [] },
      demandedBy: 'officer-1',
    },
  });
  step('repaid', 'grant', {
    type: 'RepaymentReceived',
    data: {
      ...{ repaymentId: ids.repayment, principal: euros(500), interest: euros(0), receivedOn: '2026-03-04' },
      recordedBy: 'officer-1',
    },
  });
  const reduction = (key: string, because: string, units: number, cause: 'returned' | 'not-paid-out') => {
    const data = { grantId: ids.grant, settlementId: eventId(because), amount: euros(units), cause };
    step(key, 'pot', { type: 'CommitmentReduced', data }, 'fund.award', because);
  };
  reduction('returned', 'repaid', 500, 'returned');
  step('closed', 'grant', {
    type: 'GrantClosed',
    data: { notPaidOut: euros(4_000), spent: euros(5_500), returned: euros(500), closedBy: 'officer-1' },
  });
  reduction('not paid out', 'closed', 4_000, 'not-paid-out');
  return { ids, tale };
}
