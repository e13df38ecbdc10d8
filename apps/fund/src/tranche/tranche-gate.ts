import { addDays, addMonths } from '@alliance/calendar';
import type { Blocker } from '../blocker';
import { atMost, inWords, minus, plus } from '../money';
import type { GateFacts, TaxStatusKind } from './tranche.events';

/**
 * The tranche gate: everything that stands in the way of a payment on the day `facts.on`, always in one order; nothing
 * means that it is open. A blocker whose day is known carries it as `lapsesOn`, the first day without it if nothing but
 * time goes by. At the check nobody can have approved yet, so that approvals are missing is told for the order only.
 */
export function trancheBlockers(facts: GateFacts, before: 'check' | 'order'): readonly Blocker[] {
  return [
    ...ofGrant(facts),
    ...(before === 'order' ? ofApprovals(facts) : []),
    ...ofConflicts(facts),
    ...ofReports(facts),
    ...ofRecipient(facts),
    ...ofMoney(facts),
    ...ofNeed(facts),
    ...ofTaxStatus(facts),
  ];
}

/**
 * The last day on which an open gate stays open if nothing but time goes by: proofs of tax-exempt status grow old.
 * `undefined` where it is closed, and where no day is known that would close it.
 */
export function openUntil(facts: GateFacts): string | undefined {
  if (trancheBlockers(facts, 'order').length > 0) return undefined;
  const { exemptionNoticeYears, provisionalNoticeYears } = facts.rules;
  const lastDays = facts.taxStatuses.flatMap(({ kind, issuedOn }) => {
    const years = kind === 'section-60a-notice' ? provisionalNoticeYears : exemptionNoticeYears;
    return issuedOn === undefined ? [] : [addMonths(issuedOn, years * 12)];
  });
  const closesAfter = (day: string) => trancheBlockers({ ...facts, on: addDays(day, 1) }, 'order').length > 0;
  return lastDays
    .filter((day) => day >= facts.on)
    .sort()
    .find(closesAfter);
}

function ofGrant({ stage }: GateFacts): readonly Blocker[] {
  switch (stage) {
    case 'awarded':
      return [{ code: 'NOT_CONTRACTED', words: 'The contract on the grant has not been signed.' }];
    case 'revoked':
      return [{ code: 'GRANT_REVOKED', words: 'The grant has been revoked.' }];
    case 'closed':
      return [{ code: 'GRANT_CLOSED', words: 'The grant has been closed.' }];
    case 'contracted':
      return [];
  }
}

function ofApprovals({ approvals: { needed, standing } }: GateFacts): readonly Blocker[] {
  if (standing >= needed) return [];
  return [{ code: 'FOUR_EYES_MISSING', words: `${standing} of ${needed} approvals are there.` }];
}

function ofConflicts({ conflictedApprovers }: GateFacts): readonly Blocker[] {
  if (conflictedApprovers === 0) return [];
  const words = 'Somebody who approved it has a conflict of interest: it has to be checked and approved anew.';
  return [{ code: 'APPROVER_CONFLICTED', words }];
}

function ofReports({ reports }: GateFacts): readonly Blocker[] {
  return reports
    .filter(({ accepted }) => !accepted)
    .map(({ dueOn }) => ({ code: 'REPORT_NOT_ACCEPTED', words: `The report due on ${dueOn} has not been accepted.` }));
}

function ofRecipient({ recipient: { standing, survivorId }, requestedFor }: GateFacts): readonly Blocker[] {
  const blockers: Blocker[] = [];
  if (standing === 'suspended') blockers.push({ code: 'RECIPIENT_SUSPENDED', words: 'The recipient is suspended.' });
  if (standing === 'left') blockers.push({ code: 'RECIPIENT_LEFT', words: 'The recipient has left the alliance.' });
  if (standing === 'unknown') {
    blockers.push({ code: 'RECIPIENT_UNKNOWN', words: 'Nobody has told yet of the recipient being admitted.' });
  }
  if (requestedFor !== undefined && requestedFor !== survivorId) {
    const words = 'The recipient has been merged into another since: the organisation that survives has to request it.';
    blockers.push({ code: 'RECIPIENT_MERGED', words });
  }
  return blockers;
}

/** What came back is in the pot again, so that it no longer counts as taken from what the pot holds for the grant. */
function ofMoney({ awarded, planned, paid, returned, committed, tranche }: GateFacts): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const taken = minus(plus(paid, tranche.amount), returned);
  if (!atMost(taken, committed)) {
    const words = `The pot holds ${inWords(committed)} for the grant; ${inWords(taken)} would be taken.`;
    blockers.push({ code: 'POT_NOT_COMMITTED', words });
  }
  if (!atMost(planned, awarded)) {
    const words = `Tranches of ${inWords(planned)} are planned; ${inWords(awarded)} are awarded.`;
    blockers.push({ code: 'TRANCHES_EXCEED_AWARD', words });
  }
  return blockers;
}

/** Money is called for payments due soon only (need window). Until one is requested, the plan says when. */
function ofNeed({ on, tranche: { dueOn, neededBy = dueOn }, rules }: GateFacts): readonly Blocker[] {
  const opensOn = addDays(neededBy, -rules.needWindowDays);
  if (on >= opensOn) return [];
  const words = `It is needed by ${neededBy}, and paid ${rules.needWindowDays} days before at the earliest.`;
  return [{ code: 'OUTSIDE_NEED_WINDOW', words, lapsesOn: opensOn }];
}

/** Only a notice that is dated later than the day judged for can end it, on the day of its issue. */
function ofTaxStatus(facts: GateFacts): readonly Blocker[] {
  const fault = taxFault(facts, facts.on);
  if (fault === undefined) return [];
  const laterIssues = facts.taxStatuses.flatMap(({ issuedOn }) =>
    issuedOn !== undefined && issuedOn > facts.on ? [issuedOn] : [],
  );
  const lapsesOn = laterIssues.sort().find((day) => taxFault(facts, day) === undefined);
  return [{ ...fault, ...(lapsesOn !== undefined && { lapsesOn }) }];
}

/**
 * Proof of tax-exempt status (§ 63 (5) AO): a notice of exemption or an annex to the corporate tax assessment counts for
 * so many years, its last day included; a provisional notice (§ 60a AO) for its own, and only where there has been
 * neither of the others. Bodies of public law need none: which they are the registry tells, and no entry of the fund's own.
 * An undated notice proves nothing.
 */
function taxFault({ taxStatuses, recipientIsPublicBody, rules }: GateFacts, on: string): Blocker | undefined {
  const known = taxStatuses.filter(({ issuedOn }) => issuedOn === undefined || issuedOn <= on);
  if (recipientIsPublicBody) return undefined;
  const issues = (...kinds: readonly TaxStatusKind[]) =>
    known.flatMap(({ kind, issuedOn }) => (issuedOn !== undefined && kinds.includes(kind) ? [issuedOn] : []));
  const counts = (days: readonly string[], years: number) => days.some((day) => on <= addMonths(day, years * 12));
  const notices = issues('exemption-notice', 'corporate-tax-annex');
  const provisional = issues('section-60a-notice');
  if (counts(notices, rules.exemptionNoticeYears)) return undefined;
  if (counts(provisional, rules.provisionalNoticeYears)) {
    if (notices.length === 0) return undefined;
    const words = 'A provisional notice does not count beside a notice of exemption, which is too old.';
    return { code: 'PROVISIONAL_SUPERSEDED', words };
  }
  if (notices.length > 0 || provisional.length > 0) {
    return { code: 'TAX_STATUS_EXPIRED', words: 'The proof of tax-exempt status is too old.' };
  }
  return { code: 'TAX_STATUS_MISSING', words: 'There is no proof of tax-exempt status.' };
}
