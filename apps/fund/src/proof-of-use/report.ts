import { addMonths, dayOf } from '@alliance/calendar';
import { type Actor, type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import { conflictOf, conflictsFrom, personOf } from '../conflicts';
import type { GrantEvent } from '../grant/grant.events';
import { atMost, inWords, minus } from '../money';
import { type StandingState, stricter } from '../standing';
import { numericalProof } from './numerical-proof';
import type {
  AcceptReport,
  EndReceiptRetention,
  Independence,
  ReadReceipts,
  RemindOfReport,
  ReportCommand,
  ReturnReport,
  SubmitReport,
} from './proof-commands';
import type { AwardedProof, Report } from './proof-state';
import { currencyFault, receiptSums, submissionFault } from './submission';

type Decided = Decision<GrantEvent>;

/** `due → under review ⇄ returned`, `→ accepted`. Each submission is the next version, and takes the place of the one before. */
export function decideReport(command: ReportCommand, state: AwardedProof, report: Report): Decided {
  switch (command.type) {
    case 'SubmitReport':
      return submit(command, state, report);
    case 'ReturnReport':
      return giveBack(command, state, report);
    case 'AcceptReport':
      return accept(command, state, report);
    case 'ReadReceipts':
      return read(command, state, report);
    case 'RemindOfReport':
      return remind(command, state, report);
    case 'EndReceiptRetention':
      return endRetention(command, state, report);
  }
}

/** The same again changes nothing while it is under review. */
function submit({ data, context }: SubmitReport, state: AwardedProof, report: Report): Decided {
  const { reportId, narrative, lines, otherIncome } = data;
  const { actor, at } = context;
  if (!represents(actor, state, data.recipient)) return notYours();
  if (state.stage === 'closed') return grantClosed();
  if (report.stage === 'accepted') return reportWrongStage(report, ['due', 'under-review', 'returned']);
  const fault = submissionFault(data, state, at);
  if (fault !== undefined) return fault;
  const said = { reportId, narrative, lines: [...lines], otherIncome, receipts: receiptSums(data) };
  if (report.stage === 'under-review' && isSame(report.submission, said)) return [];
  const submitted = { ...said, version: report.version + 1, submittedBy: actor.subject };
  return [{ type: 'ReportSubmitted', data: submitted }];
}

function giveBack({ data, context }: ReturnReport, state: AwardedProof, report: Report): Decided {
  const fault = reviewFault(data, context.actor, state, report);
  if (fault !== undefined) return fault;
  const { reportId, reasonCode, items, note } = data;
  const { version } = report;
  const returned = { reportId, version, reasonCode, items: [...items], ...(note !== undefined && { note }) };
  return [{ type: 'ReportReturned', data: { ...returned, reviewedBy: context.actor.subject } }];
}

/** What is disallowed is for the reviewer to say; what the financing plan does not carry is shown to them. */
function accept({ data, context }: AcceptReport, state: AwardedProof, report: Report): Decided {
  const fault = reviewFault(data, context.actor, state, report);
  if (fault !== undefined) return fault;
  const { reportId, disallowed, digestHeld } = data;
  const { submission, version } = report;
  if (submission === undefined) throw new Error(`Report ${reportId} is under review without a submission.`);
  const { receipts, lines } = submission;
  if (digestHeld !== receipts.digest) return receiptsUnverified(digestHeld);
  const inAnother = currencyFault({ disallowed }, state);
  if (inAnother !== undefined) return inAnother;
  if (!atMost(disallowed, receipts.total)) {
    const detail = `No more is disallowed than the receipts come to, ${inWords(receipts.total)}.`;
    return refuse('unprocessable', 'DISALLOWED_EXCEEDS_RECEIPTS', detail, { disallowed, total: receipts.total });
  }
  const proof = numericalProof(state.application.lines, lines, state.terms.lineTolerancePercent);
  const deviations = proof.lines
    .filter(({ over }) => over.cents > 0)
    .map(({ key, planned, spent }) => ({ key, planned, spent }));
  const spent = minus(receipts.total, disallowed);
  const reviewedBy = context.actor.subject;
  return [{ type: 'ReportAccepted', data: { reportId, version, spent, disallowed, deviations, reviewedBy } }];
}

/** For one of the purposes that are settled; each time anew, for the rows may be others by now. */
function read({ data, context: { actor } }: ReadReceipts, state: AwardedProof, report: Report): Decided {
  const isOwn = represents(actor, state, data.recipient);
  if (!isOwn && isConflicted(actor, data, state)) return reviewConflicted();
  if (report.submission === undefined) return reportWrongStage(report, ['under-review', 'returned', 'accepted']);
  if (report.receiptsErased) return receiptsErased();
  const { reportId, purpose, permittedPurposes } = data;
  if (!permittedPurposes.includes(purpose)) {
    // Without the word itself, which may be anything that a client has sent.
    return refuse('unprocessable', 'RECEIPT_PURPOSE_UNKNOWN', 'Receipts are read for settled purposes only.', {
      permittedPurposes,
    });
  }
  return [{ type: 'ReceiptsRead', data: { reportId, purpose, readBy: actor.subject } }];
}

/** Once for each occasion, and not of one before the last; never of a report that is not waited for. */
function remind({ data, context }: RemindOfReport, state: AwardedProof, report: Report): Decided {
  const { reportId, occasion } = data;
  const isAwaited = state.stage !== 'closed' && (report.stage === 'due' || report.stage === 'returned');
  const isNext = occasion <= dayOf(context.at) && (report.remindedOf === undefined || occasion > report.remindedOf);
  return isAwaited && isNext ? [{ type: 'ReportReminded', data: { reportId, occasion } }] : [];
}

/** Once the grant has been closed or revoked for so many years; what was never submitted has no rows. */
function endRetention({ data, context }: EndReceiptRetention, state: AwardedProof, report: Report): Decided {
  const { endedOn, years } = data;
  const hasEnded = state.stage === 'closed' || state.stage === 'revoked';
  const isOver = hasEnded && addMonths(endedOn, 12 * years) <= dayOf(context.at);
  if (!isOver || report.submission === undefined || report.receiptsErased) return [];
  return [{ type: 'ReceiptErasureDecided', data }];
}

/** Of whoever judges a report: it is under review in the version they have seen, and they have no part in it. */
function reviewFault(
  { seenVersion, ...independence }: Independence & { readonly seenVersion: number },
  actor: Actor,
  state: AwardedProof,
  report: Report,
): Refusal | undefined {
  if (state.stage === 'closed') return grantClosed();
  // What holds now is shown to nobody who may not see it.
  if (isConflicted(actor, independence, state)) return reviewConflicted();
  if (seenVersion !== report.version) {
    const detail = `It has been submitted anew: version ${report.version} holds. Read it again and decide on that.`;
    const versions = { seenVersion, presentVersion: report.version, present: report.submission?.receipts.total };
    return refuse('outdated', 'REPORT_VERSION_OUTDATED', detail, versions);
  }
  if (report.stage !== 'under-review') return reportWrongStage(report, ['under-review']);
  if (report.submitters.includes(actor.subject)) {
    return refuse('forbidden', 'REPORT_OWN', 'No one reviews what they submitted.');
  }
  return undefined;
}

export function isConflicted(actor: Actor, independence: Independence, { declared }: AwardedProof): boolean {
  const conflicts = conflictsFrom(declared, independence.interestedOrganisationIds);
  return conflictOf(personOf(actor, independence.panel), conflicts) !== undefined;
}

export function reviewConflicted(): Refusal {
  const detail = 'Who has a conflict of interest has no part in the proof of use.';
  return refuse('forbidden', 'PROOF_CONFLICTED', detail);
}

export function grantClosed(): Refusal {
  return refuse('conflict', 'GRANT_WRONG_STAGE', 'The grant is closed.', {
    stage: 'closed',
    needed: ['contracted', 'revoked'],
  });
}

function represents({ organisationId, roles }: Actor, { standing }: AwardedProof, told: StandingState): boolean {
  return roles.includes('representative') && organisationId === stricter(standing, told).survivorId;
}

function notYours(): Refusal {
  return refuse('forbidden', 'GRANT_NOT_YOURS', 'Only a representative of the recipient accounts for its money.');
}

function reportWrongStage({ stage }: Report, needed: readonly Report['stage'][]): Refusal {
  const detail = `The report is ${stage}; it has to be ${needed.join(' or ')}.`;
  return refuse('conflict', 'REPORT_WRONG_STAGE', detail, { stage, needed });
}

/** What everything that needs the rows is answered from the moment on that their erasure is decided. */
export function receiptsErased(): Refusal {
  return refuse('conflict', 'RECEIPTS_ERASED', 'The receipts of this report are erased, and stay so.');
}

function receiptsUnverified(held: string | undefined): Refusal {
  return held === undefined
    ? refuse(
        'conflict',
        'RECEIPTS_MISSING',
        'The list of receipts did not arrive; the recipient has to submit it again.',
      )
    : refuse('conflict', 'RECEIPTS_ALTERED', 'The receipts that are held are not those that were submitted.');
}

function isSame(
  before: Report['submission'],
  said: Omit<NonNullable<Report['submission']>, 'version' | 'submittedBy'>,
) {
  if (before === undefined) return false;
  const { version: _, submittedBy: __, ...saidBefore } = before;
  const inOrder = ({ narrative, lines, otherIncome, receipts }: typeof said) =>
    JSON.stringify([narrative, lines.map(({ key, spent }) => [key, spent.cents]), otherIncome.cents, receipts.digest]);
  return inOrder(saidBefore) === inOrder(said);
}
