import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { handleCommand } from '@alliance/event-store';
import { auditor } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { organisation, type OrganisationCommand } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { checks, context, tafel } from './organisation.given';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

let numbers = 0;
const freshFacts = () => ({
  ...tafel,
  identifiers: [{ scheme: 'vereinsregister', court: 'Amtsgericht München', number: `VR ${(numbers += 1)}` }],
});

async function applied(facts: object = freshFacts()): Promise<string> {
  const { status, body } = await world.post('/organisations', facts, representative);
  expect(status).toBe(201);
  return body.organisationId;
}
async function verified(facts: object = freshFacts()): Promise<string> {
  const id = await applied(facts);
  expect((await world.post(`/organisations/${id}/verification`, { checks }, coordinator)).status).toBe(204);
  return id;
}
async function member(facts: object = freshFacts()): Promise<string> {
  const id = await verified(facts);
  expect((await world.post(`/organisations/${id}/admission`, undefined, coordinator)).status).toBe(204);
  return id;
}
const typesOf = async (id: string) => (await world.events(organisationEvents, id)).map(({ type }) => type);

describe('the API of organisations', () => {
  it('leads an organisation from its application to membership, and tells everyone', async () => {
    const application = await world.post('/organisations', freshFacts(), representative);
    expect(application.status).toBe(201);
    const { organisationId: id } = application.body;
    expect(application.headers.get('location')).toBe(`/registry/organisations/${id}`);
    await world.post(`/organisations/${id}/verification`, { checks }, coordinator);
    const admission = await world.post(`/organisations/${id}/admission`, undefined, otherCoordinator);
    expect(admission.status).toBe(204);
    expect(admission.headers.get('etag')).toBe('"3"');
    expect(await typesOf(id)).toEqual([
      'MembershipAppliedFor',
      'OrganisationVerified',
      'AdmissionDecided',
      'OrganisationAdmitted',
    ]);
    const entry = await world.getAfter(admission, `/organisations/${id}`, representative);
    expect(entry.body).toMatchObject({ id, name: tafel.name, stage: 'admitted', revision: '3' });
    const published = await world.published('registry.OrganisationAdmitted.v1', 1);
    expect(published.map(({ data }) => data)).toContainEqual(expect.objectContaining({ organisationId: id }));
  });

  it('shows the address of an office, and asks for all of it', async () => {
    const address = { street: 'Hauptstraße 5', postcode: '80331', city: 'München' };
    const application = await world.post('/organisations', { ...freshFacts(), address }, representative);
    const { organisationId: id } = application.body;
    expect((await world.getAfter(application, `/organisations/${id}`, representative)).body).toMatchObject({ address });
    const half = { ...freshFacts(), address: { postcode: '8033', city: 'München' } };
    const { status, body } = await world.post('/organisations', half, representative);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'address.postcode',
      'address.street',
    ]);
  });

  it('shows to which other one an organisation belongs, and asks for one that there is', async () => {
    const parentOrganisationId = await applied();
    const facts = { ...freshFacts(), parentOrganisationId: parentOrganisationId.toUpperCase() };
    const branch = await world.post('/organisations', facts, representative);
    const { organisationId: id } = branch.body;
    const entry = await world.getAfter(branch, `/organisations/${id}`, coordinator);
    expect(entry.body).toMatchObject({ parentOrganisationId });
    const unknown = { ...freshFacts(), parentOrganisationId: randomUUID() };
    const { status, body } = await world.post('/organisations', unknown, representative);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'parentOrganisationId', reason: 'unknown' }]);
  });

  it('asks for information and takes the answer', async () => {
    const id = await applied();
    await world.post(`/organisations/${id}/information-request`, { question: 'Which court?' }, coordinator);
    const stranger = { ...representative, subject: 'representative-2' };
    const answer = { answer: 'Munich.', identifiers: [{ scheme: 'lei', number: '529900T8BM49AURSDO55' }] };
    expect((await world.post(`/organisations/${id}/information`, answer, stranger)).body.code).toBe(
      'ORGANISATION_NOT_YOURS',
    );
    expect((await world.post(`/organisations/${id}/information`, answer, representative)).status).toBe(204);
    expect(await typesOf(id)).toEqual(['MembershipAppliedFor', 'InformationRequested', 'InformationProvided']);
  });

  it('suspends, reinstates and lets go a member', async () => {
    const id = await member();
    const reason = { reasonCode: 'report-overdue', note: 'Reminded twice.' };
    expect((await world.post(`/organisations/${id}/suspension`, reason, coordinator)).status).toBe(204);
    expect((await world.post(`/organisations/${id}/reinstatement`, {}, coordinator)).status).toBe(204);
    expect((await world.post(`/organisations/${id}/departure`, {}, representative)).status).toBe(204);
    expect((await typesOf(id)).slice(4)).toEqual([
      'OrganisationSuspended',
      'OrganisationReinstated',
      'OrganisationLeft',
    ]);
  });

  it('refuses with a reason', async () => {
    const id = await applied();
    expect((await world.post(`/organisations/${id}/refusal`, { reasonCode: 'out-of-scope' }, coordinator)).status).toBe(
      204,
    );
    expect(await typesOf(id)).toEqual(['MembershipAppliedFor', 'MembershipRefused']);
  });

  it('refuses a second member with the same identifier by name of the holder, and takes it when the first has left', async () => {
    const facts = freshFacts();
    const first = await member(facts);
    const second = await verified(facts);
    const blocked = await world.post(`/organisations/${second}/admission`, undefined, coordinator);
    expect(blocked.status).toBe(409);
    expect(blocked.body).toMatchObject({ code: 'ORGANISATION_IDENTIFIER_TAKEN', data: { heldBy: first } });
    await world.post(`/organisations/${first}/departure`, {}, coordinator);
    expect((await world.post(`/organisations/${second}/admission`, undefined, coordinator)).status).toBe(204);
  });

  it('finishes by itself an admission whose request died after the decision', async () => {
    const id = await verified();
    const decide = {
      type: 'DecideAdmission',
      data: {},
      context: context('coordinator-2', { commandId: randomUUID() }),
    };
    await handleCommand(world.store, organisation, id, decide as OrganisationCommand);
    while ((await typesOf(id)).at(-1) !== 'OrganisationAdmitted') await sleep(20);
    expect(await typesOf(id)).toHaveLength(4);
  });

  it.each([
    [{ kind: 'private-person' }, 'ORGANISATION_PRIVATE_PERSON'],
    [{ operatingSince: new Date().toISOString().slice(0, 10) }, 'ORGANISATION_TOO_YOUNG'],
    [{ operatingSince: '2999-01-01' }, 'ORGANISATION_NOT_YET_OPERATING'],
    [{ identifiers: [{ scheme: 'lei', number: '529900T8BM49AURSDO54' }] }, 'ORGANISATION_IDENTIFIER_INVALID'],
  ])('refuses an application with %j as %s', async (facts, code) => {
    const { status, body } = await world.post('/organisations', { ...tafel, ...facts }, representative);
    expect([status, body.code]).toEqual([422, code]);
  });

  it('lists every fault of a malformed application at once', async () => {
    const faulty = { name: ' ', kind: 'club', operatingSince: '2023-02-29', regionKey: '80331', more: 1 };
    const { status, body } = await world.post('/organisations', faulty, representative);
    expect(status).toBe(400);
    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(
      new Set(['name', 'kind', 'operatingSince', 'regionKey', 'identifiers', 'fieldKeys', 'more']),
    );
    expect(body.errors.find(({ field }: { field: string }) => field === 'regionKey').expected).toMatch(/postcode/);
  });

  it.each([`${'é'.repeat(200)}`, '😀'.repeat(100), `'; DROP TABLE organisation; --`, '<script>alert(1)</script>'])(
    'takes any text as a name, and nothing comes of it: %s',
    async (name) => {
      expect(await typesOf(await applied({ ...freshFacts(), name }))).toHaveLength(1);
    },
  );

  it.each(['😀'.repeat(101), 'x'.repeat(201), '\ud800', '\u0000'])('refuses the name %j', async (name) => {
    expect((await world.post('/organisations', { ...freshFacts(), name }, representative)).status).toBe(400);
  });

  it('gives a repeated request its answer again, and records it once', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const facts = freshFacts();
    const answers = await Promise.all(
      [1, 2, 3].map(() => world.post('/organisations', facts, representative, headers)),
    );
    expect(new Set(answers.map(({ body }) => body.organisationId)).size).toBe(1);
    expect(await typesOf(answers[0]!.body.organisationId)).toEqual(['MembershipAppliedFor']);
  });

  it('refuses a command that was decided on an outdated revision', async () => {
    const id = await applied();
    const stale = await world.post(`/organisations/${id}/verification`, { checks }, coordinator, { 'if-match': '"4"' });
    expect(stale.status).toBe(412);
    expect((await typesOf(id)).length).toBe(1);
  });

  it('knows roles: representatives do not verify, auditors change nothing, strangers see nothing', async () => {
    const id = await applied();
    expect((await world.post(`/organisations/${id}/verification`, { checks }, representative)).status).toBe(403);
    expect((await world.post(`/organisations/${id}/verification`, { checks }, auditor)).status).toBe(403);
    expect((await world.get(`/organisations/${id}`, undefined)).status).toBe(401);
    expect((await world.get('/organisations', { subject: 'o-1', role: 'operator' })).status).toBe(403);
  });

  it('lets no one decide on what they have applied for', async () => {
    const { body } = await world.post('/organisations', freshFacts(), coordinator);
    const own = await world.post(`/organisations/${body.organisationId}/verification`, { checks }, coordinator);
    expect([own.status, own.body.code]).toEqual([403, 'ORGANISATION_DECIDED_BY_APPLICANT']);
  });

  it('shows auditors the whole history, from the log', async () => {
    const id = await verified();
    const history = await world.get(`/organisations/${id}/history`, auditor);
    expect(history.body).toMatchObject([
      { revision: '0', type: 'MembershipAppliedFor', actor: { subject: 'representative-1' } },
      { revision: '1', type: 'OrganisationVerified', data: { checks, verifiedBy: 'coordinator-1' } },
    ]);
    expect((await world.get(`/organisations/${id}/history`, coordinator)).status).toBe(403);
    expect((await world.get(`/organisations/${randomUUID()}/history`, auditor)).status).toBe(404);
  });

  it('answers 404 for an organisation that never applied', async () => {
    const { status, body } = await world.post(`/organisations/${randomUUID()}/admission`, undefined, coordinator);
    expect([status, body.code]).toEqual([404, 'ORGANISATION_UNKNOWN']);
    expect((await world.get('/organisations/not-a-uuid', coordinator)).status).toBe(400);
  });

  it('says in its OpenAPI who may use each endpoint', async () => {
    const { body } = await world.get('/openapi.json', undefined);
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods as object).map(([method, operation]) => ({ path: `${method} ${path}`, operation })),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const { path, operation } of operations) {
      expect([path, operation.responses['403']?.description]).toEqual([path, expect.stringMatching(/^Open to: \w/)]);
    }
  });
});
