import type { Answer, Problem } from '../api-client';
import { askUntil, type Cast, type Person } from './cast';
import type { AwardedGrant } from './grant-award.chapter';
import { day, euros, type Page, positionOf } from './steps';
import type { Story } from './story';

interface Gate {
  readonly open: boolean;
  readonly blockers: readonly { readonly code: string; readonly words: string }[];
}
interface Report {
  readonly reportId: string;
  readonly kind: string;
  readonly dueOn: string;
}

/** From the contract to the closing: a payment that a suspension freezes, the proof of use, a repayment. Ends where the log stood. */
export async function tellOfPayment(story: Story, cast: Cast, grant: AwardedGrant): Promise<string> {
  const { grantId, applicantId } = grant;
  const bridge = await cast.representativeOf(applicantId);
  const path = `/fund/grants/${grantId}`;
  const { client: officer } = grant.officer;
  const trancheIds = await contractAndTranches(story, grant);
  const [first = '', second = ''] = trancheIds;
  await frozenPayment(story, cast, grant, `${path}/tranches/${first}`);
  await officer.post(`${path}/tranches/${second}/cancellation`, { reasonCode: 'not-needed' });

  story.chapter('Proof of use');
  const reports = await askUntil(
    () => officer.get<Page<Report>>(`${path}/reports`),
    ({ body }) => body.items.length > 0,
  );
  const [report] = reports.body.items;
  story.check(`A final report is due on ${report?.dueOn}`, report?.kind === 'final', reports.body);
  await proof(story, bridge, officer, path, report?.reportId ?? '');
  return repaymentAndClosing(story, officer, path);
}

async function contractAndTranches(story: Story, { grantId, officer }: AwardedGrant): Promise<readonly string[]> {
  story.chapter('A contract, and tranches');
  const path = `/fund/grants/${grantId}`;
  const { client } = officer;
  const contract = await client.post(`${path}/contract`, { signedOn: day(0), reference: 'dms/2026/230' });
  story.check('The contract is signed', contract.status === 204, contract.body);
  const tranches = [
    { amount: euros(6_000), dueOn: day(14), requiresReport: false },
    { amount: euros(3_000), dueOn: day(90), requiresReport: true },
  ];
  const tooMuch = [...tranches, { amount: { cents: 1, currency: 'EUR' }, dueOn: day(90), requiresReport: true }];
  const refused = await client.post<Problem>(`${path}/tranches`, { tranches: tooMuch });
  story.check(
    `A cent more than the award cannot be planned: ${refused.body.code}`,
    refused.status === 422,
    refused.body,
  );
  const planned = await client.post<{ trancheIds: readonly string[] }>(`${path}/tranches`, { tranches });
  story.check('6,000 EUR now and 3,000 EUR after a report are planned', planned.status === 201, planned.body);
  const notice = { kind: 'exemption-notice', issuedOn: day(-400), reference: 'dms/2025/88' };
  await client.post(`${path}/tax-status`, notice);
  return planned.body.trancheIds;
}

async function frozenPayment(story: Story, cast: Cast, grant: AwardedGrant, tranche: string): Promise<void> {
  story.chapter('A frozen payment');
  const { applicantId, officer, checker, approvers } = grant;
  const [first, second] = approvers;
  const bridge = await cast.representativeOf(applicantId);
  const requested = await bridge.post<{ paymentId: string }>(`${tranche}/request`, { neededBy: day(14) });
  story.check('The recipient asks for the first tranche', requested.status === 200, requested.body);
  const checked = await checker.client.post(`${tranche}/check`, { seenVersion: 1 });
  story.check('It is checked', checked.status === 204, checked.body);
  const approve = ({ client }: Person) =>
    client.post<Problem & { ordered: boolean }>(`${tranche}/approvals`, { seenVersion: 1 });
  const own = await approve(checker);
  story.check('Who checked it cannot approve it', own.status === 403, own.body);
  await approve(first);

  const registry = `/registry/organisations/${applicantId}`;
  const suspended = await cast.secondCoordinator.post(`${registry}/suspension`, { reasonCode: 'report-overdue' });
  story.check('In the registry the organisation is suspended', suspended.status === 204, suspended.body);
  const gate = () => officer.client.get<Gate>(`${tranche}/gate`);
  const isFrozen = ({ body }: Answer<Gate>) => body.blockers.some(({ code }) => code === 'RECIPIENT_SUSPENDED');
  const frozen = await askUntil(gate, isFrozen);
  story.check('The fund hears of it, and the gate of the payment closes', isFrozen(frozen), frozen.body);
  const refused = await approve(second);
  story.check(`Now nobody can approve: ${refused.body.code}`, refused.status === 409, refused.body);

  await cast.coordinator.post(`${registry}/reinstatement`, {});
  const lifted = await askUntil(gate, (answer) => !isFrozen(answer));
  story.check('It is reinstated, and the freeze is lifted', !isFrozen(lifted), lifted.body);
  const ordered = await approve(second);
  story.check('The second approval orders the payment', ordered.body.ordered, ordered.body);
  const { paymentId } = requested.body;
  const paid = { outcome: 'paid', paymentId, paidOn: day(0), bankReference: 'SEPA 4711' };
  const recorded = await officer.client.post(`${tranche}/payment`, paid);
  story.check('and the bank pays it', recorded.status === 204, recorded.body);
}

async function proof(
  story: Story,
  bridge: Person['client'],
  officer: Person['client'],
  path: string,
  reportId: string,
): Promise<void> {
  const receipt = (line: string, paidOn: string, units: number) => ({
    line,
    paidOn,
    payee: 'Bürobedarf Beispiel',
    purpose: 'Beratung',
    amount: euros(units),
  });
  const report = {
    narrative: 'An zwei Tagen der Woche wurde beraten.',
    lines: [
      { key: 'staff', spent: euros(5_000) },
      { key: 'rent', spent: euros(500) },
    ],
    otherIncome: euros(0),
    receipts: [receipt('staff', day(-30), 5_000), receipt('rent', day(-10), 500)],
  };
  const outside = { ...report, receipts: [receipt('staff', day(-90), 5_000), receipt('rent', day(-10), 500)] };
  const refused = await bridge.post<Problem>(`${path}/reports/${reportId}/submission`, outside);
  story.check(
    `A receipt from before the project is refused: ${refused.body.code}`,
    refused.status === 422,
    refused.body,
  );
  const submitted = await bridge.post(`${path}/reports/${reportId}/submission`, report);
  story.check('5,500 EUR are accounted for along the financing plan', submitted.status === 204, submitted.body);
  const disclosed = await officer.post<{ receiptsVerified: boolean; items: readonly object[] }>(
    `${path}/reports/${reportId}/receipts/disclosure`,
    { purpose: 'review-of-report' },
  );
  story.check(
    `The ${disclosed.body.items.length} receipts, kept in a vault, are what the log has the digest of`,
    disclosed.body.receiptsVerified,
    disclosed.body,
  );
  const accepted = await officer.post(`${path}/reports/${reportId}/acceptance`, { version: 1, disallowed: euros(0) });
  story.check('The report is accepted', accepted.status === 204, accepted.body);
}

async function repaymentAndClosing(story: Story, officer: Person['client'], path: string): Promise<string> {
  story.chapter('A repayment, and the end');
  const early = await officer.post<Problem & { data: { blockers: readonly { words: string }[] } }>(
    `${path}/closure`,
    {},
  );
  const owed = early.body.data.blockers.map(({ words }) => words).join(' ');
  story.check(`It cannot be closed yet: ${owed}`, early.status === 409, early.body);
  const demand = { principal: euros(500), cause: 'unspent', dueOn: day(30) };
  const demanded = await officer.post<{ repaymentId: string }>(`${path}/repayment-demands`, demand);
  story.check('What was not spent, 500 EUR, is demanded back', demanded.status === 201, demanded.body);
  const { repaymentId } = demanded.body;
  const repaid = { repaymentId, principal: euros(500), interest: euros(0), receivedOn: day(0) };
  const received = await officer.post(`${path}/repayments`, repaid);
  story.check('and comes back', received.status === 204, received.body);
  const closed = await officer.post(`${path}/closure`, {});
  story.check('The grant is closed', closed.status === 204, closed.body);
  return positionOf(closed);
}
