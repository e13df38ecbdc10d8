import { randomUUID } from 'node:crypto';
import { formatPosition, isRefusal } from '@alliance/event-sourcing';
import { handleCommand } from '@alliance/event-store';
import { checks, tafel } from '../organisation/organisation.given';
import { importRegionFile } from '../region/region.given';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { structure, type StructureCommand } from './structure.decider';
import { structureEvents } from './structure.events';
import { advice, context, free, reason } from './structure.given';

let world: RegistryWorld;
let tafelId: string;
let owner: Caller;
const FIELDS =
  'orientation language work accommodation culture mobility health education sport care accompaniment meals clothing'.split(
    ' ',
  );

beforeAll(async () => {
  world = await RegistryWorld.start();
  for (const key of FIELDS) {
    const field = { key, nameDe: key, nameEn: key, validFrom: '2022-03-01' };
    await world.post('/fields-of-action', field, coordinator);
  }
  const regions =
    'ags,name,population\n09162000,München,1471508\n09184000,München (Landkreis),348871\n09184148,Unterhaching,25316\n';
  const imported = await importRegionFile(world, regions);
  await world.getAfter(imported, '/regions', coordinator);
  tafelId = await member('Münchner Tafel e.V.');
  owner = { ...representative, organisationId: tafelId };
});
afterAll(() => world.stop());

let numbers = 0;
async function member(name: string): Promise<string> {
  const identifiers = [{ scheme: 'vereinsregister', court: 'Amtsgericht München', number: `VR ${(numbers += 1)}` }];
  const { body } = await world.post('/organisations', { ...tafel, name, identifiers }, representative);
  await world.post(`/organisations/${body.organisationId}/verification`, { checks }, coordinator);
  const admitted = await world.post(`/organisations/${body.organisationId}/admission`, undefined, coordinator);
  expect(admitted.status).toBe(204);
  return body.organisationId;
}

/** Each test works in a field of its own, so that none overlaps with another. */
const facts = (field: string, more: object = {}) => ({
  organisationId: tafelId,
  ...advice,
  fieldKeys: [field],
  ...more,
});

async function recorded(body: object, by = owner, after?: Answer): Promise<Answer> {
  const headers = after && { 'min-position': after.headers.get('alliance-position') ?? '' };
  const answer = await world.post('/structures', body, by, headers);
  expect([answer.status, answer.body.code]).toEqual([201, undefined]);
  return answer;
}
const typesOf = async (id: string) => (await world.events(structureEvents, id)).map(({ type }) => type);
const consentTo = (id: string, by: Caller | undefined, revision = 0) =>
  world.post(`/structures/${id}/consent`, undefined, by, { 'if-match': `"${revision}"` });
const seen = (answer: Answer) => ({ 'min-position': answer.headers.get('alliance-position') ?? '' });

describe('structures: recorded by an organisation for itself, confirmed by a coordinator', () => {
  it('is recorded with all its facts, confirmed, found, and told to everyone', async () => {
    const answer = await recorded(facts('orientation', { capacity: { quantity: 40, unit: 'consultations-a-week' } }));
    const { structureId: id } = answer.body;
    expect(answer.body).toEqual({ structureId: id, stage: 'recorded' });
    expect(answer.headers.get('location')).toBe(`/registry/structures/${id}`);
    const confirmed = await world.post(`/structures/${id}/confirmation`, {}, coordinator);
    expect([confirmed.status, confirmed.headers.get('etag')]).toEqual([204, '"1"']);
    const shown = await world.getAfter(confirmed, `/structures/${id}`, { subject: 'chair-1', role: 'chair' });
    expect(shown.body).toMatchObject({
      ...advice,
      id,
      organisationId: tafelId,
      capacity: { quantity: 40, unit: 'consultations-a-week', assuredAt: expect.stringMatching(/^20\d\d-.*Z$/) },
      stage: 'confirmed',
      gate: { demands: 'nothing', reasonFrom: 0.3, consentFrom: 0.7, overlaps: [] },
      revision: '1',
    });
    for (const filter of [
      'field=orientation&within=09000000',
      'service=legal-advice&stage=confirmed',
      'targetGroup=families',
    ]) {
      const { body } = await world.get(`/structures?${filter}&organisation=${tafelId}&sort=-recordedAt`, owner);
      expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    }
    expect((await world.get('/structures?within=11000000', owner)).body.items).toEqual([]);
    const [published] = await world.published('registry.StructureRecorded.v1', 1);
    expect(published?.data).toMatchObject({ structureId: id, organisationId: tafelId, ...advice });
    await world.published('registry.StructureConfirmed.v1', 1);
  });

  it('is revised, which ends its confirmation; has its capacity assured; ends', async () => {
    const { structureId: id } = (await recorded(facts('language'))).body;
    await world.post(`/structures/${id}/confirmation`, {}, coordinator);
    const { organisationId: _of, ...revised } = facts('language', { regionKeys: ['09000000'] });
    expect((await world.post(`/structures/${id}/revision`, revised, owner)).status).toBe(204);
    expect((await world.post(`/structures/${id}/capacity`, { quantity: 3, unit: 'courses' }, owner)).status).toBe(204);
    const again = await world.post(`/structures/${id}/confirmation`, {}, coordinator);
    expect((await world.getAfter(again, `/structures/${id}`, owner)).body).toMatchObject({
      stage: 'confirmed',
      regionKeys: ['09000000'],
      capacity: { quantity: 3, unit: 'courses' },
    });
    expect((await world.post(`/structures/${id}/end`, { reasonCode: 'funding-ended' }, owner)).status).toBe(204);
    expect(await typesOf(id)).toEqual([
      'StructureRecorded',
      'StructureConfirmed',
      'StructureRevised',
      'CapacityAssured',
      'StructureConfirmed',
      'StructureEnded',
    ]);
  });

  it('is refused for another organisation, and for one that is not admitted by its own stream', async () => {
    const stranger = { ...representative, organisationId: randomUUID() };
    const foreign = await world.post('/structures', facts('work'), stranger);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'STRUCTURE_NOT_YOURS']);
    const nowhere = await world.post('/structures', facts('work', { organisationId: randomUUID() }), coordinator);
    expect([nowhere.status, nowhere.body.code]).toEqual([409, 'STRUCTURE_ORGANISATION_NOT_ADMITTED']);
    const suspendedId = await member('Kurz dabei e.V.');
    await world.post(`/organisations/${suspendedId}/suspension`, { reasonCode: 'report-overdue' }, coordinator);
    const suspended = await world.post('/structures', facts('work', { organisationId: suspendedId }), coordinator);
    expect(suspended.body.code).toBe('STRUCTURE_ORGANISATION_NOT_ADMITTED');
    await world.post(`/organisations/${suspendedId}/reinstatement`, {}, coordinator);
    await recorded(facts('work', { organisationId: suspendedId }), coordinator);
  });

  it('is refused when it does not exist long enough, by the same rule as an organisation', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const young = await world.post('/structures', facts('work', { operatingSince: today }), owner);
    expect([young.status, young.body.code]).toEqual([422, 'STRUCTURE_TOO_YOUNG']);
  });

  it('is not confirmed by who recorded it, nor by others than coordinators', async () => {
    const { structureId: id } = (await recorded(facts('accommodation'), coordinator)).body;
    const own = await world.post(`/structures/${id}/confirmation`, {}, coordinator);
    expect([own.status, own.body.code]).toEqual([403, 'STRUCTURE_DECIDED_BY_INTERESTED']);
    expect((await world.post(`/structures/${id}/confirmation`, {}, owner)).status).toBe(403);
    expect((await world.post(`/structures/${id}/confirmation`, {}, auditor)).status).toBe(403);
    expect((await world.post(`/structures/${id}/confirmation`, {}, otherCoordinator)).status).toBe(204);
    expect((await world.post(`/structures/${randomUUID()}/confirmation`, {}, coordinator)).status).toBe(404);
    expect((await world.get(`/structures/${id}`, undefined)).status).toBe(401);
    expect((await world.get('/structures', { subject: 'operator-1', role: 'operator' })).status).toBe(403);
  });

  it('lists every fault of a malformed structure, and says of a region key what is wrong with it', async () => {
    const faulty = {
      name: ' ',
      regionKeys: ['80331'],
      fieldKeys: [],
      targetGroups: ['Not A Key'],
      operatingSince: 'x',
      more: 1,
    };
    const { status, body } = await world.post('/structures', faulty, owner);
    expect(status).toBe(400);
    const fields = new Set(body.errors.map(({ field }: { field: string }) => field));
    expect(fields).toEqual(
      new Set([
        'name',
        'regionKeys',
        'fieldKeys',
        'targetGroups',
        'service',
        'operatingSince',
        'organisationId',
        'more',
      ]),
    );
    expect(body.errors.find(({ field }: { field: string }) => field === 'regionKeys').expected).toMatch(/postcode/);
    const unknown = {
      ...facts('work', { regionKeys: ['09162000', '09999000'] }),
      fieldKeys: ['work', 'no-such-field'],
    };
    const { body: named } = await world.post('/structures', unknown, owner);
    expect(named.errors.map(({ field, reason: why }: { field: string; reason: string }) => [field, why])).toEqual([
      ['fieldKeys[1]', 'unknown'],
      ['regionKeys[1]', 'unknown'],
    ]);
    expect((await world.get('/structures?within=09999000', owner)).status).toBe(400);
  });

  it('gives a repeated request its answer again, and records it once', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = facts('culture');
    const answers = await Promise.all([1, 2, 3].map(() => world.post('/structures', body, owner, headers)));
    expect(new Set(answers.map(({ body: { structureId } }) => structureId)).size).toBe(1);
    expect(await typesOf(answers[0]!.body.structureId)).toEqual(['StructureRecorded']);
  });
});

describe('the double-structure gate', () => {
  /** Each test in a field of its own. */
  const existing = (field: string) =>
    recorded(facts(field, { name: 'Sprechstunde Gesundheit', service: 'health-advice' }));
  const proposal = (more: object = {}) => {
    const { regionKeys, targetGroups } = advice;
    return { fieldKeys: ['health'], regionKeys, targetGroups, service: 'health-advice', ...more };
  };
  const second = (field: string, more: object = {}) =>
    facts(field, { name: 'Zweite Sprechstunde', service: 'health-advice', ...more });

  it('answers a proposal with what exists: score, each term with its reason, and whom to join', async () => {
    const first = await existing('health');
    const { status, body } = await world.post('/overlaps', proposal({ regionKeys: ['09000000'] }), owner, seen(first));
    expect(status).toBe(200);
    expect(body).toEqual({
      demands: 'reason',
      reasonFrom: 0.3,
      consentFrom: 0.7,
      total: 1,
      items: [
        {
          score: 0.333,
          terms: {
            field: { score: 1, reason: 'the same field of action: health' },
            region: { score: 0.333, reason: 'München (09162000) lies within Bayern (09000000), 2 steps up' },
            targetGroup: { score: 1, reason: 'the same target group: families' },
            service: { score: 1, reason: 'the same service: health-advice' },
          },
          structure: { ...proposal(), id: first.body.structureId, name: 'Sprechstunde Gesundheit' },
          organisation: { id: tafelId, name: 'Münchner Tafel e.V.' },
          suggestion: 'Join Sprechstunde Gesundheit of Münchner Tafel e.V.',
        },
      ],
    });
    const elsewhere = await world.post('/overlaps', proposal({ regionKeys: ['11000000'] }), owner);
    expect(elsewhere.body).toMatchObject({ demands: 'nothing', items: [], total: 0 });
    expect((await world.post('/overlaps', proposal({ regionKeys: ['9162000'] }), owner)).status).toBe(400);
    expect((await world.post('/overlaps?limit=0', proposal(), owner)).status).toBe(400);
  });

  it('sees what was recorded in a field of action whose place another has taken', async () => {
    const first = await existing('accompaniment');
    const succession = {
      effectiveOn: '2026-01-01',
      predecessorKeys: ['accompaniment'],
      successors: [{ key: 'escort', names: { nameDe: 'Begleitung', nameEn: 'Escort' } }],
    };
    const succeeded = await world.post('/fields-of-action/successions', succession, coordinator);
    const fields = await world.getAfter(succeeded, '/fields-of-action', owner);
    expect(fields.body.items).toContainEqual(expect.objectContaining({ successorKeys: ['escort'] }));
    const { body } = await world.post('/overlaps', proposal({ fieldKeys: ['escort'] }), owner, seen(first));
    expect(body).toMatchObject({
      demands: 'consent',
      items: [{ structure: { id: first.body.structureId, fieldKeys: ['accompaniment'] } }],
    });
    const said = 'the same field of action: escort (accompaniment went into escort on 2026-01-01)';
    expect(body.items[0].terms.field).toEqual({ score: 1, reason: said });
    const refused = await world.post('/structures', second('escort'), owner);
    expect([refused.status, refused.body.code]).toEqual([409, 'STRUCTURE_OVERLAPS']);
  });

  it('lets nobody go on above the threshold without a reason, and keeps the reason with what was seen', async () => {
    const first = await existing('education');
    const wider = second('education', { regionKeys: ['09000000'] });
    const refused = await world.post('/structures', wider, owner, seen(first));
    expect([refused.status, refused.body.code]).toEqual([409, 'STRUCTURE_OVERLAPS']);
    expect(refused.body.detail).toContain('join Sprechstunde Gesundheit of Münchner Tafel e.V.');
    const { structureId: id } = (await recorded({ ...wider, reason })).body;
    const [event] = await world.events(structureEvents, id);
    expect(event?.data).toMatchObject({
      reason,
      gate: {
        demands: 'reason',
        overlaps: [{ structureId: first.body.structureId, score: 0.333, terms: { region: 0.333, service: 1 } }],
      },
    });
    await world.post(`/structures/${id}/end`, { reasonCode: 'joined-another' }, owner);
  });

  it('above the second threshold holds it until another person consents, and tells nobody before', async () => {
    const first = await existing('sport');
    const proposed = await recorded({ ...second('sport'), reason }, coordinator, first);
    const { structureId: id, stage } = proposed.body;
    expect(stage).toBe('proposed');
    const own = await consentTo(id, coordinator);
    expect([own.status, own.body.code]).toEqual([403, 'STRUCTURE_DECIDED_BY_INTERESTED']);
    const ofTheSame = { ...otherCoordinator, organisationId: tafelId };
    expect((await consentTo(id, ofTheSame)).status).toBe(403);
    const stranger = { ...representative, organisationId: randomUUID() };
    expect((await world.getAfter(proposed, `/structures/${id}`, stranger)).status).toBe(404);
    expect((await world.get(`/structures/${id}`, auditor)).body).toMatchObject({
      stage: 'proposed',
      reason,
      gate: { demands: 'consent', overlaps: [{ name: 'Sprechstunde Gesundheit', score: 1 }] },
    });
    const consented = await consentTo(id, otherCoordinator);
    expect(consented.status).toBe(204);
    expect((await world.getAfter(consented, `/structures/${id}`, stranger)).body.stage).toBe('recorded');
    expect(await typesOf(id)).toEqual(['StructureProposed', 'StructureRecorded']);
  });

  it('lets a proposal be withdrawn instead', async () => {
    const first = await existing('care');
    const { structureId: id } = (await recorded({ ...second('care'), reason }, owner, first)).body;
    const withdrawn = await world.post(`/structures/${id}/withdrawal`, { reasonCode: 'joined-another' }, owner);
    expect(withdrawn.status).toBe(204);
    expect((await consentTo(id, otherCoordinator, 1)).body.code).toBe('STRUCTURE_NOTHING_PROPOSED');
  });

  it('takes consent to what the second person saw only: the facts by If-Match, the overlaps by asking again', async () => {
    const first = await existing('meals');
    const one = await recorded({ ...second('meals'), reason }, owner, first);
    const other = await recorded({ ...second('meals', { name: 'Dritte Sprechstunde' }), reason });
    const id: string = one.body.structureId;
    const blind = await world.post(`/structures/${id}/consent`, undefined, coordinator);
    expect([blind.status, blind.body.errors]).toEqual([
      400,
      [{ field: 'If-Match', reason: 'missing', expected: expect.stringContaining('ETag') }],
    ]);
    expect((await consentTo(id, coordinator, 1)).status).toBe(412);
    const consented = await consentTo(other.body.structureId, coordinator);
    expect(consented.status).toBe(204);

    const headers = { 'if-match': '"0"', ...seen(consented) };
    const refused = await world.post(`/structures/${id}/consent`, undefined, coordinator, headers);
    expect([refused.status, refused.body.code]).toEqual([409, 'STRUCTURE_OVERLAPS_CHANGED']);
    expect(refused.body.data.overlaps).toMatchObject([
      { structureId: other.body.structureId, name: 'Dritte Sprechstunde', score: 1 },
    ]);
    await world.post(`/structures/${id}/withdrawal`, { reasonCode: 'to-be-proposed-anew' }, owner);
    const anew = await recorded({ ...second('meals'), reason }, owner);
    expect((await consentTo(anew.body.structureId, coordinator)).status).toBe(204);
  });

  it('lets nobody join who is suspended or has left, and everybody again after the reinstatement', async () => {
    const id = await member('Kleiderkammer e.V.');
    const { service } = advice;
    const structure = await recorded(facts('clothing', { organisationId: id }), coordinator);
    await world.getAfter(structure, '/structures', coordinator);
    const suggestedAfter = async (what: string, body: object) => {
      const changed = await world.post(`/organisations/${id}/${what}`, body, coordinator);
      await world.getAfter(changed, `/organisations/${id}`, coordinator);
      const asked = await world.post('/overlaps', { ...proposal({ fieldKeys: ['clothing'] }), service }, owner);
      return [asked.body.demands, ...asked.body.items.map(({ suggestion }: { suggestion: string }) => suggestion)];
    };
    const joinIt = 'Join Rechtsberatung Ukraine of Kleiderkammer e.V.';
    expect(await suggestedAfter('suspension', { reasonCode: 'report-overdue' })).toEqual(['nothing']);
    expect(await suggestedAfter('reinstatement', {})).toEqual(['consent', joinIt]);
    expect(await suggestedAfter('departure', {})).toEqual(['nothing']);
  });

  it('shows at the confirmation what was recorded at the same instant and so not seen by either', async () => {
    const { body: one } = await recorded(facts('mobility'));
    // The request beside it was decided before the register showed the first.
    const other = randomUUID();
    const data = {
      minimumOperatingMonths: 12,
      gate: free,
      structureId: other,
      organisationId: tafelId,
      organisationIsMember: true,
    };
    const command: StructureCommand = {
      type: 'RecordStructure',
      data: { ...data, facts: { ...advice, name: 'Zur selben Zeit', fieldKeys: ['mobility'] } },
      context: { ...context('representative-1', tafelId), commandId: randomUUID() },
    };
    const accepted = await handleCommand(world.store, structure, other, command);
    if (isRefusal(accepted)) throw new Error(accepted.code);
    const bothShown = { 'min-position': formatPosition(accepted.position!) };
    for (const [id, unseen] of [
      [one.structureId, other],
      [other, one.structureId],
    ]) {
      const { body } = await world.post(`/structures/${id}/confirmation`, {}, coordinator, bothShown);
      expect(body).toMatchObject({ code: 'STRUCTURE_OVERLAPS_UNSEEN', data: { overlaps: [{ structureId: unseen }] } });
    }
    expect((await world.post(`/structures/${other}/confirmation`, { reason }, coordinator)).status).toBe(204);
  });
});
