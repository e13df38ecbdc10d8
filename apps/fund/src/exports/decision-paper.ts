import type { RecordedEvent } from '@alliance/event-sourcing';
import { evolveConflicts, noConflicts } from '../conflicts';
import type { Application } from '../grant/application.events';
import type { DataOf, GrantEvent } from '../grant/grant.events';
import { inWords, type Money, sum } from '../money';
import { evolveReviews, noReviews } from '../review-sufficiency';
import type { Terms } from '../terms';
import { type Block, heading, paragraph, table } from './paper-blocks';

/** An event of a grant as it stands in the log. */
export type RecordedGrantEvent = RecordedEvent & GrantEvent;

/** What organisations are called, by their ids; the id stands for one that nobody has told of. */
export type Names = ReadonlyMap<string, string>;

/** Those that the paper names. */
export function organisationsIn(events: readonly GrantEvent[]): ReadonlySet<string> {
  const drafted = last(events, 'GrantDrafted');
  const overlapping = findingsIn(events).flatMap(({ structures }) => structures.overlaps);
  return new Set([
    ...(drafted === undefined ? [] : [drafted.applicantOrganisationId]),
    ...overlapping.map(({ organisationId }) => organisationId),
  ]);
}

/**
 * What was decided on a grant, by whom, on what and why, from its stream alone: as good years later as on the day. Of a
 * conflict of interest it says how many and of which kind, never whose.
 */
export function decisionPaper(grantId: string, events: readonly RecordedGrantEvent[], names: Names): readonly Block[] {
  const drafted = last(events, 'GrantDrafted');
  if (drafted === undefined) throw new Error(`The stream of ${grantId} does not begin with a grant.`);
  const submitted = last(events, 'ApplicationSubmitted');
  const application = submitted?.application ?? last(events, 'ApplicationRevised')?.application;
  return [
    heading(`Decision paper: ${application?.title ?? 'grant without an application'}`, 1),
    ...outline(grantId, drafted, application, names),
    ...amounts(events, submitted?.requested, drafted.currency),
    ...financingPlan(application),
    ...reviews(events, drafted),
    ...conflicts(events),
    ...findings(events, names),
    ...proposals(events),
    ...approvals(events),
    ...outcome(events),
  ];
}

function outline(
  grantId: string,
  { applicantOrganisationId, call }: DataOf<'GrantDrafted'>,
  application: Application | undefined,
  names: Names,
): readonly Block[] {
  const rows = [
    ['Grant', grantId],
    ['Applicant', names.get(applicantOrganisationId) ?? applicantOrganisationId],
    ['Call', call.title],
    ...(application === undefined
      ? []
      : [
          ['Project', `${application.projectFrom} to ${application.projectTo}`],
          ['Fields of action', application.fieldKeys.join(', ')],
          ['Regions (AGS)', application.regionKeys.join(', ')],
        ]),
  ];
  return [
    table(['', ''], rows, ''),
    ...(application === undefined ? [] : [heading('Summary'), paragraph(application.summary)]),
  ];
}

function amounts(
  events: readonly RecordedGrantEvent[],
  requested: Money | undefined,
  currency: Money['currency'],
): readonly Block[] {
  const nothing: Money = { cents: 0, currency };
  const rows = [
    ['Requested', inWords(requested ?? nothing)],
    ['Recommended', inWords(last(events, 'DecisionProposed')?.amount ?? nothing)],
    ['Awarded', inWords(last(events, 'GrantAwarded')?.amount ?? nothing)],
  ];
  return [heading('Amounts'), table(['Amount', 'Is'], rows, '')];
}

function financingPlan(application: Application | undefined): readonly Block[] {
  if (application === undefined) return [];
  const { lines, otherIncome } = application;
  const currency = lines[0]?.total.currency ?? 'EUR';
  const total = [
    'total',
    '',
    '',
    inWords(
      sum(
        lines.map((line) => line.total),
        currency,
      ),
    ),
    inWords(
      sum(
        lines.map((line) => line.requested),
        currency,
      ),
    ),
  ];
  return [
    heading('Financing plan'),
    table(
      ['Cost line', 'Purpose', 'Period', 'Total', 'Requested'],
      [
        ...lines.map(({ key, purpose, from, to, total, requested }) => [
          ...[key, purpose, `${from} to ${to}`, inWords(total), inWords(requested)],
        ]),
        total,
      ],
      '',
    ),
    table(
      ['Other income', 'Amount'],
      otherIncome.map(({ source, amount }) => [source, inWords(amount)]),
      'There is no other income.',
    ),
  ];
}

function reviews(events: readonly RecordedGrantEvent[], { call }: DataOf<'GrantDrafted'>): readonly Block[] {
  const { reviews } = events.reduce(evolveReviews, noReviews);
  const { conflicted } = events.reduce(evolveConflicts, noConflicts);
  const opinions = reviews.map(({ reviewedBy, weighted, recommendation }) => [
    reviewedBy,
    `${(weighted / 100).toFixed(2)} %`,
    conflicted.has(reviewedBy) ? `${recommendation} (does not count: conflict of interest)` : recommendation,
  ]);
  // A row for each score: a call may have more criteria than a page has room for columns.
  const scores = call.criteria.flatMap(({ key, label, weightPercent, mostPoints }) =>
    reviews.map(({ reviewedBy, scores }) => [
      `${label} (${weightPercent} %)`,
      reviewedBy,
      `${scores.find((score) => score.key === key)?.points ?? '–'} of ${mostPoints}`,
    ]),
  );
  return [
    heading('Reviews'),
    table(['Reviewer', 'Weighted', 'Recommendation'], opinions, 'Nobody has reviewed it.'),
    ...(scores.length === 0 ? [] : [table(['Criterion', 'Reviewer', 'Points'], scores, '')]),
    ...reviews.map(({ reviewedBy, rationale }) => paragraph(`${reviewedBy}: ${rationale}`)),
  ];
}

function conflicts(events: readonly RecordedGrantEvent[]): readonly Block[] {
  const { cleared, conflicted } = events.reduce(evolveConflicts, noConflicts);
  const kinds = new Map<string, number>();
  for (const kind of conflicted.values()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [
    heading('Conflicts of interest'),
    paragraph(`Declared to have none: ${cleared.length}. Declared a conflict: ${conflicted.size}.`),
    ...(kinds.size === 0
      ? []
      : [
          table(
            ['Kind', 'Declared'],
            [...kinds].map(([kind, count]) => [kind, String(count)]),
            '',
          ),
        ]),
  ];
}

/** Of the newest judgement of eligibility. */
function findings(events: readonly RecordedGrantEvent[], names: Names): readonly Block[] {
  const finding = findingsIn(events).at(-1);
  if (finding === undefined) return [];
  const reason = last(events, 'ApplicationSubmitted')?.overlapReason;
  return [
    heading('Double structures'),
    table(
      ['Structure', 'Organisation', 'Overlap'],
      finding.structures.overlaps.map(({ name, organisationId, organisationName, score }) => [
        ...[name, organisationName ?? names.get(organisationId) ?? organisationId, `${Math.round(score * 100)} %`],
      ]),
      'Nothing was found that overlaps with it.',
    ),
    ...(reason === undefined ? [] : [paragraph(`Reason of the applicant: ${reason}`)]),
    heading('Double funding'),
    table(
      ['Grant', 'Cost line', 'Period', 'Requested', 'Stage'],
      finding.doubleFunding.map(({ grantId, lineKey, from, to, requested, stage }) => [
        ...[grantId, lineKey, `${from} to ${to}`, inWords(requested), stage],
      ]),
      'No other grant asks for the same cost line and period.',
    ),
  ];
}

function findingsIn(events: readonly GrantEvent[]): readonly DataOf<'FormalCheckPassed'>['eligibility'][] {
  return events.flatMap((event) =>
    event.type === 'ApplicationSubmitted' || event.type === 'FormalCheckPassed' || event.type === 'AwardDecided'
      ? [event.data.eligibility]
      : [],
  );
}

function proposals(events: readonly RecordedGrantEvent[]): readonly Block[] {
  return [
    heading('Proposals'),
    table(
      ['Version', 'On', 'By', 'Outcome', 'Amount', 'Approvals needed', 'Reason'],
      events.flatMap((event) => {
        if (event.type !== 'DecisionProposed') return [];
        const { version, proposedBy, outcome, amount, approvalsNeeded, reason } = event.data;
        const words = amount === undefined ? '–' : inWords(amount);
        return [[String(version), timeOf(event), proposedBy, outcome, words, String(approvalsNeeded), reason]];
      }),
      'Nothing has been proposed.',
    ),
  ];
}

function approvals(events: readonly RecordedGrantEvent[]): readonly Block[] {
  return [
    heading('Approvals'),
    table(
      ['Version', 'On', 'By', 'What'],
      events.flatMap((event) => {
        if (event.type === 'DecisionApproved') {
          return [[String(event.data.version), timeOf(event), event.data.approvedBy, 'approved']];
        }
        if (event.type !== 'DecisionApprovalWithdrawn') return [];
        return [[String(event.data.version), timeOf(event), event.data.withdrawnBy, 'withdrew the approval']];
      }),
      'Nobody has approved it.',
    ),
  ];
}

function outcome(events: readonly RecordedGrantEvent[]): readonly Block[] {
  const rows = events.flatMap((event) => {
    const words = outcomeOf(event);
    return words === undefined ? [] : [[timeOf(event), words]];
  });
  const award = last(events, 'GrantAwarded') ?? last(events, 'DecisionProposed');
  return [
    heading('Outcome'),
    table(['On', 'What'], rows, 'It has not been decided on.'),
    heading('Conditions'),
    table(
      ['', 'Condition'],
      (award?.conditions ?? []).map((condition, index) => [String(index + 1), condition]),
      'There are none.',
    ),
    ...(award?.terms === undefined ? [] : [heading('Terms'), termsTable(award.terms)]),
  ];
}

function outcomeOf(event: GrantEvent): string | undefined {
  switch (event.type) {
    case 'AwardDecided':
      return `Award of ${inWords(event.data.amount)} decided on version ${event.data.version}`;
    case 'AwardBlocked':
      return `Award blocked: ${event.data.detail} (${event.data.code})`;
    case 'GrantAwarded':
      return `Awarded: ${inWords(event.data.amount)}, on version ${event.data.version}`;
    case 'GrantRejected':
      return `Rejected, on version ${event.data.version}`;
    case 'GrantDeferred':
      return `Deferred${event.data.until === undefined ? '' : ` until ${event.data.until}`}, on version ${event.data.version}`;
    case 'GrantWithdrawn':
      return `Withdrawn: ${event.data.reasonCode}`;
    case 'GrantContracted':
      return `Contract signed on ${event.data.signedOn} (${event.data.reference})`;
    case 'GrantRevoked':
      return `Revoked: ${event.data.reasonCode}`;
    case 'GrantClosed':
      return `Closed: spent ${inWords(event.data.spent)}, returned ${inWords(event.data.returned)}, not paid out ${inWords(event.data.notPaidOut)}`;
    default:
      return undefined;
  }
}

function termsTable(terms: Terms): Block {
  const rates = terms.interest.map(
    ({ validFrom, basisPoints }) => `${(basisPoints / 100).toFixed(2)} % from ${validFrom}`,
  );
  const rows = [
    ['Proof of use due', `${terms.proofDueMonths} months after the project`],
    [
      'Interim reports',
      terms.interimReportEveryMonths === undefined ? 'none' : `every ${terms.interimReportEveryMonths} months`,
    ],
    ['A line may be exceeded by', `${terms.lineTolerancePercent} %`],
    ['Money is called for payments due within', `${terms.needWindowDays} days`],
    ['To be spent within', `${terms.spendWithinYears} years`],
    ['Interest on repayments', rates.length === 0 ? 'none' : rates.join(', ')],
  ];
  return table(['Term', 'Is'], rows, '');
}

function last<EventType extends GrantEvent['type']>(
  events: readonly GrantEvent[],
  type: EventType,
): DataOf<EventType> | undefined {
  return events.findLast((event) => event.type === type)?.data as DataOf<EventType> | undefined;
}

function timeOf({ metadata }: RecordedGrantEvent): string {
  return `${metadata.occurredAt.slice(0, 16).replace('T', ' ')} UTC`;
}
