import type { Problem } from '../api-client';
import { askUntil, type Cast, type Person } from './cast';
import { day, euros, idOf, type Money } from './steps';
import type { Story } from './story';

/** A grant of the story, and who works on it. */
export interface AwardedGrant {
  readonly grantId: string;
  readonly potId: string;
  readonly applicantId: string;
  readonly officer: Person;
  readonly checker: Person;
  readonly approvers: readonly [Person, Person];
  /** A moment when it had been awarded, and nothing more. */
  readonly awardedAt: string;
}

interface People {
  readonly officer: Person;
  readonly checker: Person;
  readonly approvers: readonly [Person, Person];
  readonly reviewers: readonly [Person, Person];
  /** Employed by who has given to the pot. */
  readonly partial: Person;
}

interface Grant {
  readonly title?: string;
  readonly stage: string;
  readonly application?: object;
}

const donor = 'Stiftung Offenes Haus';
const applicant = 'Münchner Brücke e.V.';

/** From a pot and a call to an application, its reviews, and the award that four eyes decide. */
export async function tellOfAward(
  story: Story,
  cast: Cast,
  ids: ReadonlyMap<string, string>,
  structureId: string,
): Promise<AwardedGrant> {
  const { another } = cast;
  const people: People = {
    officer: await another('fund-officer'),
    checker: await another('fund-officer'),
    approvers: [await another('approver'), await another('approver')],
    reviewers: [await another('reviewer'), await another('reviewer')],
    partial: await another('reviewer', idOf(ids, donor)),
  };
  const { potId, callId } = await potAndCall(story, people, idOf(ids, donor));
  const applicantId = idOf(ids, applicant);
  const grantId = await application(story, cast, people, { applicantId, callId, structureId });
  await reviews(story, people, grantId);
  const awardedAt = await decision(story, people, grantId, potId);
  const { officer, checker, approvers } = people;
  return { grantId, potId, applicantId, officer, checker, approvers, awardedAt };
}

async function potAndCall(story: Story, { officer, reviewers, partial }: People, donorOrganisationId: string) {
  story.chapter('A pot and a call');
  const { client } = officer;
  const pot = await client.post<{ potId: string }>('/fund/pots', { name: 'Soforthilfe', currency: 'EUR' });
  const { potId } = pot.body;
  const contribution = { donorOrganisationId, receivedOn: day(-20), earmark: { fieldKeys: ['orientation'] } };
  const half = { ...contribution, amount: { cents: 10.5, currency: 'EUR' } };
  const broken = await client.post<Problem>(`/fund/pots/${potId}/contributions`, half);
  story.check(`Half a cent is refused by its field: ${broken.body.errors?.[0]?.field}`, broken.status === 400, broken);
  const whole = { ...contribution, amount: euros(50_000) };
  const received = await client.post(`/fund/pots/${potId}/contributions`, whole);
  story.check(`${donor} gives 50,000 EUR for orientation`, received.status === 201, received.body);
  const call = await client.post<{ callId: string }>('/fund/calls', {
    potId,
    title: 'Ankommen und Orientierung',
    opensAt: `${day(-10)}T00:00:00Z`,
    closesAt: `${day(30)}T00:00:00Z`,
    fieldKeys: ['orientation'],
    regionKeys: ['09000000'],
    minimum: euros(1_000),
    maximum: euros(20_000),
    criteria: [
      { key: 'need', label: 'Bedarf', weightPercent: 60, mostPoints: 10 },
      { key: 'reach', label: 'Reichweite', weightPercent: 40, mostPoints: 10 },
    ],
    requiredDocuments: ['statutes'],
    costLines: ['staff', 'rent'],
    panel: [
      ...reviewers.map(({ subject }) => ({ subject })),
      { subject: partial.subject, organisationId: donorOrganisationId },
    ],
  });
  story.check('A call for Bayern is published, with criteria, cost lines and a panel', call.status === 201, call.body);
  return { potId, callId: call.body.callId };
}

interface Wanted {
  readonly applicantId: string;
  readonly callId: string;
  readonly structureId: string;
}

async function application(
  story: Story,
  cast: Cast,
  { checker, reviewers: [reviewer] }: People,
  { applicantId, callId, structureId }: Wanted,
): Promise<string> {
  story.chapter('An application');
  const bridge = await cast.representativeOf(applicantId);
  const person = { callId, recipientIndividual: { name: 'eine Privatperson' } };
  const private_ = await bridge.post<Problem>('/fund/grants', person);
  story.check(`A private person receives nothing: ${private_.body.code}`, private_.status === 422, private_.body);
  const drafted = await bridge.post<{ grantId: string; reference: string }>('/fund/grants', { callId });
  const { grantId, reference } = drafted.body;
  story.check(`${applicant} begins an application, ${reference}`, drafted.status === 201, drafted.body);
  const path = `/fund/grants/${grantId}`;
  const project = { from: day(-60), to: day(-1) };
  const plan = {
    title: 'Zwei weitere Beratungstage',
    summary: 'Rechtsberatung für Familien an zwei weiteren Tagen der Woche.',
    fieldKeys: ['orientation'],
    regionKeys: ['09162000'],
    targetGroups: ['families'],
    service: 'legal-advice',
    projectFrom: project.from,
    projectTo: project.to,
    structureId,
    lines: [
      { key: 'staff', purpose: 'Beratung', total: euros(9_000), requested: euros(7_500), ...project },
      { key: 'rent', purpose: 'Räume', total: euros(2_500), requested: euros(2_500), ...project },
    ],
    otherIncome: [{ source: 'own-funds', amount: euros(1_500) }],
    documents: [{ kind: 'statutes', reference: 'dms/2026/117' }],
  };
  const backwards = await bridge.put<Problem>(`${path}/application`, { ...plan, projectTo: day(-90) });
  story.check(
    `A project that ends before it begins is refused: ${backwards.body.code}`,
    backwards.status === 422,
    backwards.body,
  );
  await bridge.put(`${path}/application`, { ...plan, documents: [] });
  const missing = await bridge.get<{ blockers: readonly { words: string }[] }>(`${path}/eligibility`);
  story.tell(
    `Before anyone tries, it is shown what stands in the way: ${missing.body.blockers.map(({ words }) => words).join(' ')}`,
  );
  await bridge.put(`${path}/application`, plan);
  const eligible = await askUntil(
    () => bridge.get<{ isEligible: boolean }>(`${path}/eligibility`),
    ({ body }) => body.isEligible,
  );
  story.check('With the statutes nothing stands in the way', eligible.body.isEligible, eligible.body);
  const submitted = await bridge.post(`${path}/submission`, {});
  story.check('It is submitted, with 10,000 EUR requested', submitted.status === 204, submitted.body);
  const outline = await reviewer.client.get<Grant>(path);
  story.check(
    `A reviewer who has declared nothing sees number, title and applicant only (“${outline.body.title}”)`,
    outline.status === 200 && outline.body.application === undefined,
    outline.body,
  );
  const checked = await checker.client.post(`${path}/formal-check`, { seenVersion: 1 });
  story.check('Somebody of the fund finds it formally complete', checked.status === 204, checked.body);
  return grantId;
}

async function reviews(story: Story, { officer, reviewers, partial }: People, grantId: string): Promise<void> {
  story.chapter('Reviews, by who is impartial');
  const path = `/fund/grants/${grantId}`;
  const declare = ({ client }: Person) => client.post<Problem>(`${path}/conflict-declarations`, { kind: 'none' });
  const employed = await declare(partial);
  story.check(
    `Who is employed by a donor of the pot cannot declare to be impartial: ${employed.body.code}`,
    employed.status === 403,
    employed.body,
  );
  const found = await officer.client.get<{
    pairs: readonly { subjects: readonly string[] }[];
    excluded: readonly object[];
  }>(`${path}/eligible-reviewers`);
  const [pair] = found.body.pairs;
  story.check(
    'The one pair that is impartial is found',
    found.body.pairs.length === 1 && found.body.excluded.length === 1,
    found.body,
  );
  await officer.client.post(`${path}/reviewers`, { subjects: pair?.subjects ?? [] });
  const given = [];
  for (const [index, reviewer] of reviewers.entries()) {
    await declare(reviewer);
    const scores = [
      { key: 'need', points: 8 + index },
      { key: 'reach', points: 7 },
    ];
    given.push(
      await reviewer.client.post(`${path}/reviews`, {
        scores,
        rationale: 'Knüpft an eine Beratung an, die es gibt.',
        recommendation: 'fund',
        amount: euros(9_000),
      }),
    );
  }
  story.check(
    'Both review it, and would fund it',
    given.every(({ status }) => status === 204),
    given,
  );
}

async function decision(
  story: Story,
  { officer, approvers: [first, second] }: People,
  grantId: string,
  potId: string,
): Promise<string> {
  story.chapter('Four eyes decide');
  const path = `/fund/grants/${grantId}`;
  const propose = (amount: Money) =>
    officer.client.post<{ version: number }>(`${path}/decision-proposals`, {
      outcome: 'approved',
      amount,
      reason: 'Beide Gutachten empfehlen es.',
    });
  const approve = ({ client }: Person, seenVersion: number) =>
    client.post<Problem & { stage: string }>(`${path}/decision-approvals`, { seenVersion });
  await propose(euros(10_000));
  const undeclared = await approve(first, 1);
  story.check(
    `An approver who has declared nothing is refused: ${undeclared.body.code}`,
    undeclared.status === 403,
    undeclared.body,
  );
  for (const { client } of [first, second]) await client.post(`${path}/conflict-declarations`, { kind: 'none' });
  const one = await approve(first, 1);
  story.check('One approval decides nothing', one.body.stage === 'recommended', one.body);
  const twice = await approve(first, 1);
  story.check(`Nor do two of one person: ${twice.body.code}`, twice.status === 409, twice.body);
  await propose(euros(9_000));
  const old = await approve(second, 1);
  story.check(
    `The amount has changed, so an approval of the old version is refused with both: ${JSON.stringify(old.body.data)}`,
    old.status === 412,
    old.body,
  );
  await approve(first, 2);
  const decided = await approve(second, 2);
  story.check('Two approvals of the second version award 9,000 EUR', decided.body.stage === 'awarded', decided.body);
  const pot = await askUntil(
    () => officer.client.get<{ committed: Money; free: Money }>(`/fund/pots/${potId}`),
    ({ body }) => body.committed.cents > 0,
  );
  const { committed, free } = pot.body;
  story.check(
    'of which the pot now holds every cent',
    committed.cents === 900_000 && free.cents === 4_100_000,
    pot.body,
  );
  return new Date().toISOString();
}
