import type { ApiClient } from '@alliance/standalone';
import type { Alliance } from './alliance';
import { eventually } from './eventually';
import { admit, apply, expectStatus } from './registry-steps';

/** A pot with a call, an organisation with a structure that the call is for, and the people who work on its grants. */
export interface Funding {
  readonly potId: string;
  readonly callId: string;
  readonly recipientId: string;
  readonly structureId: string;
  readonly scope: Scope;
  readonly recipient: ApiClient;
  readonly officer: ApiClient;
  readonly checker: ApiClient;
  readonly approvers: readonly [ApiClient, ApiClient];
  readonly reviewers: readonly { readonly subject: string; readonly client: ApiClient }[];
}

/** What the call is for; another one for each journey of an alliance, lest the structures be found to be double. */
export interface Scope {
  readonly fieldKey: string;
  readonly regionKey: string;
}

export function euros(units: number) {
  return { cents: units * 100, currency: 'EUR' };
}

/** The day so many days from today. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export async function member(alliance: Alliance, name: string): Promise<string> {
  const representative = await alliance.client('registry', { subject: 'representative-1', roles: ['representative'] });
  const id = await apply(representative, name);
  await admit(await alliance.client('registry', { subject: 'coordinator-1', roles: ['coordinator'] }), id);
  return id;
}

/** Everything that has to be there before an application, of a pot with 50,000 EUR. */
export async function fundingFor(alliance: Alliance, scope: Scope): Promise<Funding> {
  const recipientId = await member(alliance, `Beratung ${scope.fieldKey}`);
  const structureId = await structureOf(alliance, recipientId, scope);
  const donorOrganisationId = await member(alliance, `Stiftung ${scope.fieldKey}`);
  const inFund = (subject: string, role: string) => alliance.client('fund', { subject, roles: [role] });
  const officer = await inFund('officer-1', 'fund-officer');
  const reviewers = [];
  for (const subject of ['reviewer-1', 'reviewer-2']) {
    reviewers.push({ subject, client: await inFund(subject, 'reviewer') });
  }

  const pot = officer.post<{ potId: string }>('/fund/pots', { name: 'Soforthilfe', currency: 'EUR' });
  const { potId } = (await expectStatus(pot, 201)).body;
  const contribution = { donorOrganisationId, receivedOn: day(-20), amount: euros(50_000) };
  // The registry's word of the donor, the field and the region comes over the bus.
  await eventually(() => expectStatus(officer.post(`/fund/pots/${potId}/contributions`, contribution), 201));
  const call = {
    potId,
    title: 'Ankommen und Orientierung',
    opensAt: `${day(-10)}T00:00:00Z`,
    closesAt: `${day(30)}T00:00:00Z`,
    fieldKeys: [scope.fieldKey],
    regionKeys: [scope.regionKey],
    minimum: euros(1_000),
    maximum: euros(20_000),
    criteria: [{ key: 'need', label: 'Bedarf', weightPercent: 100, mostPoints: 10 }],
    requiredDocuments: [],
    costLines: ['staff'],
    panel: reviewers.map(({ subject }) => ({ subject })),
  };
  const published = await eventually(() => expectStatus(officer.post<{ callId: string }>('/fund/calls', call), 201));
  return {
    potId,
    callId: published.body.callId,
    recipientId,
    structureId,
    scope,
    recipient: await alliance.client('fund', {
      subject: 'representative-1',
      roles: ['representative'],
      organisationId: recipientId,
    }),
    officer,
    checker: await inFund('officer-2', 'fund-officer'),
    approvers: [await inFund('approver-1', 'approver'), await inFund('approver-2', 'approver')],
    reviewers,
  };
}

async function structureOf(alliance: Alliance, organisationId: string, { fieldKey, regionKey }: Scope) {
  const coordinator = await alliance.client('registry', { subject: 'coordinator-1', roles: ['coordinator'] });
  const field = { key: fieldKey, nameDe: fieldKey, nameEn: fieldKey, validFrom: '2022-03-01' };
  await expectStatus(coordinator.post('/registry/fields-of-action', field), 201);
  const owner = await alliance.client('registry', {
    subject: 'representative-1',
    roles: ['representative'],
    organisationId,
  });
  const structure = {
    organisationId,
    name: 'Rechtsberatung',
    fieldKeys: [fieldKey],
    regionKeys: [regionKey],
    targetGroups: ['families'],
    service: 'legal-advice',
    operatingSince: '2022-04-01',
  };
  const { body } = await eventually(() =>
    expectStatus(owner.post<{ structureId: string }>('/registry/structures', structure), 201),
  );
  await expectStatus(coordinator.post(`/registry/structures/${body.structureId}/confirmation`, {}), 204);
  return body.structureId;
}

interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * A grant of 9,000 EUR for the period, reviewed and proposed, which the first approver has approved; its path. Periods
 * that overlap would be shown as double funding.
 */
export async function grantBeforeLastApproval(funding: Funding, { from, to }: Period): Promise<string> {
  const { callId, structureId, scope, recipient, officer, checker, approvers, reviewers } = funding;
  const drafted = await expectStatus(recipient.post<{ grantId: string }>('/fund/grants', { callId }), 201);
  const path = `/fund/grants/${drafted.body.grantId}`;
  const application = {
    title: 'Zwei weitere Beratungstage',
    summary: 'Rechtsberatung für Familien an zwei weiteren Tagen der Woche.',
    fieldKeys: [scope.fieldKey],
    regionKeys: [scope.regionKey],
    targetGroups: ['families'],
    service: 'legal-advice',
    projectFrom: from,
    projectTo: to,
    structureId,
    lines: [{ key: 'staff', purpose: 'Beratung', total: euros(9_000), requested: euros(9_000), from, to }],
    otherIncome: [],
    documents: [],
  };
  await eventually(() => expectStatus(recipient.put(`${path}/application`, application), 204));
  await eventually(() => expectStatus(recipient.post(`${path}/submission`, {}), 204));
  await expectStatus(checker.post(`${path}/formal-check`, { seenVersion: 1 }), 204);
  await expectStatus(officer.post(`${path}/reviewers`, { subjects: reviewers.map(({ subject }) => subject) }), 204);
  for (const { client } of reviewers) {
    await declareNoConflict(client, path);
    const review = {
      scores: [{ key: 'need', points: 8 }],
      rationale: 'Knüpft an eine Beratung an, die es gibt.',
      recommendation: 'fund',
      amount: euros(9_000),
    };
    await expectStatus(client.post(`${path}/reviews`, review), 204);
  }
  const proposal = { outcome: 'approved', amount: euros(9_000), reason: 'Beide Gutachten empfehlen es.' };
  await expectStatus(officer.post(`${path}/decision-proposals`, proposal), 200);
  for (const approver of approvers) await declareNoConflict(approver, path);
  await expectStatus(approveGrant(approvers[0], path), 200);
  return path;
}

export function approveGrant(approver: ApiClient, path: string) {
  return approver.post<{ readonly stage: string }>(`${path}/decision-approvals`, { seenVersion: 1 });
}

async function declareNoConflict(client: ApiClient, path: string): Promise<void> {
  await expectStatus(client.post(`${path}/conflict-declarations`, { kind: 'none' }), 204);
}
