import { addDays, addMonths } from '@alliance/calendar';
import type { LogPosition } from '@alliance/event-sourcing';
import { grantEvents, type GrantRecord } from '@alliance/fund/events';
import { type Finding, type Invariant, noteOf } from './invariant';

type Of<Type extends GrantRecord['type']> = Extract<GrantRecord, { type: Type }>['data'];

interface Tranche {
  readonly cents: number;
  readonly dueOn: string;
  readonly requiresReport: boolean;
  /** Until it is cancelled. */
  readonly request?: Of<'TrancheRequested'> | undefined;
  readonly orderedOn?: string;
  readonly cancelled?: boolean;
}

interface Note {
  stage: 'awarded' | 'contracted' | 'revoked' | 'closed';
  awarded: number;
  recipient?: { readonly standing: string; readonly survivorId: string; readonly at: LogPosition };
  readonly tranches: Map<string, Tranche>;
  readonly reports: Map<string, { readonly dueOn: string; accepted: boolean }>;
  readonly taxStatuses: Of<'TaxStatusRecorded'>[];
  paid: number;
  returned: number;
}

export const paymentGate: Invariant = {
  name: 'payment-gate',
  says: 'Whatever was ordered and paid, the gate was open on that day: contract, standing, reports, tax status, need and the money of the pot.',

  begin() {
    const notes = new Map<string, Note>();
    /** Cents that pots hold for grants. */
    const committed = new Map<string, { reserved: number; committed: number }>();
    return (event): readonly Finding[] => {
      if ('grantId' in event.data) {
        keepCommitted(committed, event);
        return [];
      }
      const note = noteOf(notes, event.streamName, (): Note => {
        const nothing = { tranches: new Map(), reports: new Map(), taxStatuses: [] };
        return { stage: 'awarded', awarded: 0, ...nothing, paid: 0, returned: 0 };
      });
      if (event.type === 'PaymentOrdered' || event.type === 'TranchePaid') {
        const grantId = grantEvents.category.idOf(event.streamName);
        const held = committed.get(grantId)?.committed ?? 0;
        const findings =
          event.type === 'PaymentOrdered' ? ordered(note, event.data, held) : paid(note, event.data, held);
        keep(note, event);
        return findings;
      }
      keep(note, event);
      return [];
    };
  },
};

function ordered(note: Note, data: Of<'PaymentOrdered'>, held: number): readonly Finding[] {
  const shut = standingInTheWay(note, data, held);
  return shut.map((finding) => ({ ...finding, words: `It was ordered although ${finding.words}.` }));
}

/** What the bank did is recorded in any case: what stood in the way is a breach, told of with it or not. */
function paid(note: Note, data: Of<'TranchePaid'>, held: number): readonly Finding[] {
  const { despite, paidOn, gate } = data;
  const findings: Finding[] = [];
  if (despite.length > 0) {
    findings.push({
      words: `It was paid despite ${despite.map(({ code, words }) => `${code} (${words})`).join(', ')}.`,
    });
  }
  const shut = despite.length > 0 ? [] : standingInTheWay(note, data, held);
  findings.push(...shut.map((finding) => ({ ...finding, words: `It was paid although ${finding.words}.` })));
  if (gate.on !== paidOn) {
    findings.push({ words: `It was judged for ${gate.on}, and paid on ${paidOn}.` });
  }
  const { orderedOn } = note.tranches.get(data.trancheId) ?? {};
  if (orderedOn !== undefined && paidOn < orderedOn) {
    findings.push({ words: `It was paid on ${paidOn}, before it was ordered on ${orderedOn}.` });
  }
  return findings;
}

function standingInTheWay(
  note: Note,
  { trancheId, paymentId, gate, amount }: Of<'PaymentOrdered'> | Of<'TranchePaid'>,
  held: number,
): Finding[] {
  const tranche = note.tranches.get(trancheId);
  const found: (Finding | false | undefined)[] = [
    note.stage !== 'contracted' && { words: `the grant was ${note.stage}` },
    ...ofRecipient(note, tranche?.request, paymentId, gate.recipient),
    ...ofReports(note, tranche),
    // With the legal rules that were in force by the gate; nothing of them lies in the log but there.
    !gate.recipientIsPublicBody && taxFault(note, gate),
    ofNeed(tranche, gate),
    note.paid + amount.cents - note.returned > held && {
      words: `the pot held ${held} cents for the grant, and ${note.paid + amount.cents - note.returned} would be taken`,
    },
    gate.paid.cents !== note.paid && {
      words: `the gate was told of ${gate.paid.cents} cents paid before, and they were ${note.paid}`,
    },
    gate.awarded.cents !== note.awarded && {
      words: `the gate was told of ${gate.awarded.cents} cents awarded, and they were ${note.awarded}`,
    },
    planned(note) > note.awarded && { words: `${planned(note)} cents were planned, and ${note.awarded} awarded` },
  ];
  return found.filter((finding): finding is Finding => typeof finding === 'object');
}

function ofRecipient(
  { recipient }: Note,
  request: Of<'TrancheRequested'> | undefined,
  paymentId: string,
  told: { readonly standing: string; readonly survivorId: string },
): readonly Finding[] {
  const findings: Finding[] = [];
  if (recipient !== undefined && recipient.standing !== 'admitted') {
    findings.push({ words: `the recipient was ${recipient.standing}`, because: [recipient.at] });
  } else if (told.standing !== 'admitted') findings.push({ words: `the recipient was known to be ${told.standing}` });
  if (request?.paymentId !== paymentId) findings.push({ words: 'nobody had requested this payment' });
  else if (request.recipientOrganisationId !== told.survivorId) {
    findings.push({
      words: `it was requested for ${request.recipientOrganisationId}, which ${told.survivorId} survives`,
    });
  }
  return findings;
}

function ofReports({ reports }: Note, tranche: Tranche | undefined): readonly Finding[] {
  if (!tranche?.requiresReport) return [];
  return [...reports.values()]
    .filter(({ dueOn, accepted }) => dueOn <= tranche.dueOn && !accepted)
    .map(({ dueOn }) => ({ words: `the report due on ${dueOn} had not been accepted` }));
}

function ofNeed(tranche: Tranche | undefined, { on, rules }: Of<'PaymentOrdered'>['gate']): Finding | undefined {
  const neededBy = tranche?.request?.neededBy ?? tranche?.dueOn;
  if (neededBy === undefined || on >= addDays(neededBy, -rules.needWindowDays)) return undefined;
  return { words: `it was needed by ${neededBy} only, and ${on} is more than ${rules.needWindowDays} days before` };
}

/** § 63 (5) AO: a notice of exemption or annex counts for its years; a provisional one (§ 60a) only without the others. */
function taxFault({ taxStatuses }: Note, { on, rules }: Of<'PaymentOrdered'>['gate']): Finding | undefined {
  const issued = taxStatuses.filter(({ issuedOn }) => issuedOn === undefined || issuedOn <= on);
  const isYoung = (years: number) => (status: Of<'TaxStatusRecorded'>) =>
    status.issuedOn !== undefined && on <= addMonths(status.issuedOn, 12 * years);
  const final = issued.filter(
    ({ kind, issuedOn }) => ['exemption-notice', 'corporate-tax-annex'].includes(kind) && issuedOn !== undefined,
  );
  const provisional = issued.filter(({ kind }) => kind === 'section-60a-notice');
  const isProved =
    final.some(isYoung(rules.exemptionNoticeYears)) ||
    (final.length === 0 && provisional.some(isYoung(rules.provisionalNoticeYears)));
  return isProved ? undefined : { words: `no proof of tax-exempt status counted on ${on}` };
}

function planned({ tranches }: Note): number {
  return [...tranches.values()].reduce((total, { cents, cancelled }) => (cancelled ? total : total + cents), 0);
}

function keep(note: Note, event: Parameters<ReturnType<Invariant['begin']>>[0]): void {
  const change = (trancheId: string, fields: Partial<Tranche>) => {
    const before = note.tranches.get(trancheId);
    if (before !== undefined) note.tranches.set(trancheId, { ...before, ...fields });
  };
  switch (event.type) {
    case 'GrantAwarded':
      note.awarded = event.data.amount.cents;
      note.recipient ??= { ...event.data.standing, at: event.position };
      break;
    case 'RecipientStandingChanged':
      note.recipient = { ...event.data, at: event.position };
      break;
    case 'GrantContracted':
      note.stage = 'contracted';
      break;
    case 'GrantRevoked':
      note.stage = 'revoked';
      break;
    case 'GrantClosed':
    case 'GrantWithdrawn':
      note.stage = 'closed';
      break;
    case 'TranchesPlanned':
      for (const { trancheId, amount, ...plan } of event.data.tranches) {
        note.tranches.set(trancheId, { ...plan, cents: amount.cents });
      }
      break;
    case 'TrancheRevised': {
      const { trancheId, amount, dueOn, requiresReport } = event.data;
      change(trancheId, { cents: amount.cents, dueOn, requiresReport });
      break;
    }
    case 'TrancheRequested':
      change(event.data.trancheId, { request: event.data });
      break;
    case 'PaymentCancelled':
      change(event.data.trancheId, { request: undefined });
      break;
    case 'TrancheCancelled':
      change(event.data.trancheId, { cancelled: true });
      break;
    case 'PaymentOrdered':
      change(event.data.trancheId, { orderedOn: event.data.gate.on });
      break;
    case 'TranchePaid':
      note.paid += event.data.amount.cents;
      break;
    case 'TaxStatusRecorded':
      note.taxStatuses.push(event.data);
      break;
    case 'ReportDue':
      note.reports.set(event.data.reportId, { dueOn: event.data.dueOn, accepted: false });
      break;
    case 'ReportAccepted': {
      const report = note.reports.get(event.data.reportId);
      if (report !== undefined) report.accepted = true;
      break;
    }
    case 'RepaymentReceived':
      note.returned += event.data.principal.cents;
      break;
    default:
      break;
  }
}

function keepCommitted(
  held: Map<string, { reserved: number; committed: number }>,
  event: Parameters<ReturnType<Invariant['begin']>>[0],
): void {
  if (!('grantId' in event.data)) return;
  const amounts = noteOf(held, event.data.grantId, () => ({ reserved: 0, committed: 0 }));
  if (event.type === 'AmountReserved') amounts.reserved = event.data.amount.cents;
  else if (event.type === 'ReservationReleased') amounts.reserved = 0;
  else if (event.type === 'AwardConfirmed') Object.assign(amounts, { committed: amounts.reserved, reserved: 0 });
  else if (event.type === 'CommitmentReduced') amounts.committed -= event.data.amount.cents;
}
