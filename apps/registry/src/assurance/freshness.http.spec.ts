import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@alliance/event-sourcing';
import { type Answer, auditor } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { allFrom } from '../organisation/merge.given';
import { checks, tafel } from '../organisation/organisation.given';
import { advice } from '../structure/structure.given';

const DAY_MS = 86_400_000;
const RULES = {
  HALF_LIFE_DAYS_IDENTITY: '400',
  HALF_LIFE_DAYS_SEAT: '100',
  HALF_LIFE_DAYS_FIELDS: '100',
  STALE_NOTICE_DAYS: '20',
};

let clock: MovableClock;
let world: RegistryWorld;
beforeEach(async () => {
  clock = new MovableClock();
  // At noon, so that the minutes which pass do not make it another day.
  clock.moveAhead(DAY_MS - ((clock.now().getTime() - DAY_MS / 2) % DAY_MS));
  world = await RegistryWorld.start(RULES, clock);
});
afterEach(() => world.stop());

interface Fact {
  readonly kind: string;
  readonly assuredAt: string;
  readonly confidence: number;
  readonly stale: boolean;
  readonly [more: string]: unknown;
}

async function facts(query = ''): Promise<Fact[]> {
  const { body } = await world.get(`/assurances?sort=kind&${query}`, representative);
  return body.items;
}

/** Asks again until the facts are so. Minutes pass meanwhile: a tick may have come before the read model knew enough. */
async function eventually(query: string, isSo: (found: readonly Fact[]) => boolean): Promise<Fact[]> {
  for (;;) {
    const found = await facts(query);
    if (isSo(found)) return found;
    clock.moveAhead(60_000);
    await sleep(100);
  }
}

const kindsOf = (found: readonly Fact[]) => found.map(({ kind }) => kind);
const waitDays = (days: number) => clock.moveAhead(days * DAY_MS);

async function member(number: string): Promise<string> {
  const identifiers = [{ scheme: 'vereinsregister', court: 'München', number }];
  const applied = await world.post('/organisations', { ...tafel, identifiers }, representative);
  const { organisationId } = applied.body;
  await world.post(`/organisations/${organisationId}/verification`, { checks }, coordinator);
  expect((await world.post(`/organisations/${organisationId}/admission`, undefined, otherCoordinator)).status).toBe(
    204,
  );
  await eventually(`organisationId=${organisationId}`, (found) => found.length === 3);
  return organisationId;
}

const assure = (id: string, body: object, caller = coordinator): Promise<Answer> =>
  world.post(`/assurances/${id}`, body, caller);

describe('freshness: assuredAt, half-life per kind of fact as a setting, reminders as events, stale marking, standing facts', () => {
  it('assures the facts by the admission, reminds once, marks stale once, and has them fresh again when they are confirmed', async () => {
    const organisationId = await member('VR 1');
    const [fields, identity, seat] = await facts();
    for (const fact of [fields, identity, seat]) {
      expect(fact).toMatchObject({
        recordType: 'organisation',
        recordId: organisationId,
        organisationId,
        assuredBy: { role: 'coordinator' },
        standing: false,
        confidence: 1,
        stale: false,
      });
    }
    expect(Date.parse(String(identity?.['confirmBy'])) - Date.parse(String(seat?.['confirmBy']))).toBe(300 * DAY_MS);

    waitDays(100);
    await eventually('', (found) => found.filter((one) => one['remindedAt']).length === 2);
    const reminders = await world.published('registry.ReminderFellDue.v1', 2);
    expect(reminders.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ recordId: organisationId, organisationId, kind: 'seat', halfLifeDays: 100 }),
        expect.objectContaining({ kind: 'fields' }),
      ]),
    );
    const [aged] = await eventually('kind=seat', ([one]) => one?.['remindedAt'] !== undefined);
    expect([aged?.confidence, aged?.stale]).toEqual([0.5, false]);
    expect(Date.parse(String(aged?.['staleOn'])) - Date.parse(String(aged?.['confirmBy']))).toBe(100 * DAY_MS);
    expect(kindsOf(await facts('stale=true'))).toEqual([]);

    const confirmed = await assure(organisationId, { kinds: ['fields'] }, { ...representative, organisationId });
    expect(confirmed.status).toBe(204);
    waitDays(100);
    expect(kindsOf(await eventually('stale=true', (found) => found.length > 0))).toEqual(['seat']);
    const marks = await world.published('registry.FactMarkedStale.v1', 1);
    expect(marks).toHaveLength(1);
    const [renewed] = await eventually('kind=fields', ([one]) => one?.['remindedAt'] !== undefined);
    expect(renewed).toMatchObject({ assuredBy: { role: 'representative', organisationId }, stale: false });

    const fresh = await assure(organisationId, { kinds: ['seat'] });
    const { body } = await world.getAfter(fresh, '/assurances?kind=seat', auditor);
    expect(body.items).toEqual([expect.objectContaining({ stale: false, confidence: 1 })]);
    expect(body.items[0]).not.toHaveProperty('staleSince');
    expect(await world.published('registry.ReminderFellDue.v1', 3)).toHaveLength(3);
  });

  it('after a long silence warns first, and marks only when the notice has passed', async () => {
    await member('VR 2');
    waitDays(5000);
    await eventually('', (found) => found.every((one) => one['remindedAt'] !== undefined));
    waitDays(19);
    await sleep(100);
    expect(await facts('stale=true')).toEqual([]);
    waitDays(1);
    await eventually('stale=true', (found) => found.length === 3);
  });

  it('leaves standing facts alone, and lets only coordinators say which they are', async () => {
    const organisationId = await member('VR 3');
    const own = { ...representative, organisationId };
    const standing = { kinds: ['identity', 'seat'], standing: true };
    expect((await assure(organisationId, standing, own)).body.code).toBe('ASSURANCE_STANDING_BY_COORDINATOR');
    expect((await assure(organisationId, standing)).status).toBe(204);
    waitDays(3000);
    await eventually('kind=fields', ([one]) => one?.['remindedAt'] !== undefined);
    waitDays(30);
    expect(kindsOf(await eventually('stale=true', (found) => found.length > 0))).toEqual(['fields']);
    const [identity] = await facts('kind=identity');
    expect(identity).toMatchObject({ standing: true, confidence: 1 });
    expect(identity).not.toHaveProperty('confirmBy');
  });

  it('shows what an organisation is to confirm, page by page, and asks nobody who has left', async () => {
    const [first, second] = [await member('VR 4'), await member('VR 5')];
    const soon = new Date(clock.now().getTime() + 101 * DAY_MS).toISOString().slice(0, 10);
    expect(kindsOf(await facts(`organisationId=${first}&dueBefore=${soon}`))).toEqual(['fields', 'seat']);
    const page = await world.get('/assurances?limit=4', representative);
    const rest = await world.get(`/assurances?limit=4&cursor=${page.body.nextCursor}`, representative);
    expect([page.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([4, 2, undefined]);
    expect(page.body.items[0].recordId).toBe(first);

    await world.post(`/organisations/${second}/departure`, {}, coordinator);
    await eventually(`recordId=${second}`, (found) => found.length === 0);
    expect((await assure(second, { kinds: ['seat'] })).status).toBe(404);
    expect(await facts(`recordId=${first}`)).toHaveLength(3);
  });

  it('ages the capacity of a structure faster than what it offers, and ends with the structure', async () => {
    const organisationId = await member('VR 7');
    const own = { ...representative, organisationId };
    const field = { key: 'orientation', nameDe: 'Orientierung', nameEn: 'Orientation', validFrom: '2022-03-01' };
    await world.post('/fields-of-action', field, coordinator);
    while ((await world.get('/regions/11000000', representative)).status !== 200) await sleep(20);
    const capacity = { quantity: 40, unit: 'consultations-a-week' };
    const offer = { ...advice, fieldKeys: ['orientation'], regionKeys: ['11000000'], capacity };
    const recorded = await world.post('/structures', { organisationId, ...offer }, own);
    const { structureId } = recorded.body;
    await eventually(`recordId=${structureId}`, (found) => found.length === 2);
    waitDays(90);
    const ofStructure = await eventually(`recordId=${structureId}`, (found) => found.some((one) => one['remindedAt']));
    expect(ofStructure).toMatchObject([
      { kind: 'capacity', recordType: 'structure', organisationId, confidence: 0.5 },
      { kind: 'offer', assuredBy: { role: 'representative', organisationId } },
    ]);
    expect(ofStructure[1]).not.toHaveProperty('remindedAt');
    await world.post(`/structures/${structureId}/capacity`, { quantity: 30, unit: 'consultations-a-week' }, own);
    await eventually(`recordId=${structureId}&kind=capacity`, ([one]) => one?.confidence === 1);
    const confirmed = await assure(structureId, { kinds: ['offer'], standing: true });
    const { body: shown } = await world.getAfter(confirmed, `/structures/${structureId}`, representative);
    expect(shown).toMatchObject({ assuredBy: { role: 'representative', organisationId }, stale: false });
    expect(shown.standingFacts).toEqual(['offer']);
    await world.post(`/structures/${structureId}/end`, { reasonCode: 'funding-ended' }, own);
    await eventually(`recordId=${structureId}`, (found) => found.length === 0);
  });

  it('asks nobody for the record of a merged organisation, the survivor for its structures, and starts anew on undo', async () => {
    const [goes, stays] = [await member('VR 8'), await member('VR 9')];
    const field = { key: 'orientation', nameDe: 'Orientierung', nameEn: 'Orientation', validFrom: '2022-03-01' };
    await world.post('/fields-of-action', field, coordinator);
    while ((await world.get('/regions/11000000', representative)).status !== 200) await sleep(20);
    const offer = { ...advice, fieldKeys: ['orientation'], regionKeys: ['11000000'] };
    const own = { ...representative, organisationId: goes };
    const { structureId } = (await world.post('/structures', { organisationId: goes, ...offer }, own)).body;
    await eventually(`recordId=${structureId}`, (found) => found.length === 1);
    const [before] = await facts(`recordId=${stays}`);

    waitDays(10);
    const wish = { into: stays, factsFrom: allFrom('survivor'), reasonCode: 'duplicate' };
    const merged = await world.post(`/organisations/${goes}/merge`, wish, coordinator);
    expect(merged.status).toBe(204);
    await eventually(`recordId=${goes}`, (found) => found.length === 0);
    await eventually(`recordId=${stays}`, ([one]) => String(one?.assuredAt) > String(before?.assuredAt));
    expect(kindsOf(await facts(`organisationId=${stays}`))).toEqual(['fields', 'identity', 'offer', 'seat']);
    await world.getAfter(merged, `/organisations/${goes}`, coordinator);
    expect((await assure(structureId, { kinds: ['offer'] }, own)).body.code).toBe('ASSURANCE_NOT_YOURS');
    waitDays(180);
    await eventually(`recordId=${structureId}`, ([one]) => one?.['remindedAt'] !== undefined);
    const survivor = { ...representative, organisationId: stays };
    expect((await assure(structureId, { kinds: ['offer'] }, survivor)).status).toBe(204);
    const [offered] = await eventually(`recordId=${structureId}`, ([one]) => one?.['remindedAt'] === undefined);
    expect(offered).toMatchObject({ organisationId: goes, assuredBy: { organisationId: stays } });

    await world.post(`/organisations/${goes}/merge-undo`, { reasonCode: 'mistaken' }, otherCoordinator);
    const restored = await eventually(`recordId=${goes}`, (found) => found.length === 3);
    for (const fact of restored) expect(fact).toMatchObject({ confidence: 1, assuredBy: { role: 'coordinator' } });
    expect(kindsOf(await facts(`organisationId=${stays}`))).toEqual(['fields', 'identity', 'seat']);
  });

  it('is shown with each organisation and found by stale=true and in the order of assuredAt', async () => {
    const [first, second] = [await member('VR 10'), await member('VR 11')];
    const applied = await world.post('/organisations', { ...tafel, identifiers: [] }, representative);
    const ofSecond = { ...representative, organisationId: second };
    const standing = await assure(first, { kinds: ['identity'], standing: true });
    const { body: fresh } = await world.getAfter(standing, `/organisations/${first}`, representative);
    expect(fresh).toMatchObject({ assuredBy: { role: 'coordinator' }, standingFacts: ['identity'], stale: false });
    expect(fresh).not.toHaveProperty('staleSince');

    waitDays(100);
    await eventually('', (found) => found.filter((one) => one['remindedAt']).length === 4);
    await assure(second, { kinds: ['seat', 'fields'] }, ofSecond);
    waitDays(100);
    const marked = await eventually('stale=true', (found) => found.length === 2);
    const last = await assure(second, { kinds: ['identity'] });
    const listed = async (query: string) => {
      const { body } = await world.getAfter(last, `/organisations?${query}`, coordinator);
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await listed('stale=true')).toEqual([first]);
    expect((await listed('stale=false')).sort()).toEqual([second, applied.body.organisationId].sort());
    expect(await listed('sort=assuredAt')).toEqual([first, second]);
    expect(await listed('sort=-assuredAt')).toEqual([second, first]);
    const { body: aged } = await world.get(`/organisations/${first}`, representative);
    const staleSince = marked.map((fact) => String(fact['staleSince'])).sort()[0];
    expect(aged).toMatchObject({ assuredAt: fresh.assuredAt, stale: true, staleSince });
    const { body: renewed } = await world.get(`/organisations/${second}`, representative);
    expect(renewed).toMatchObject({ assuredBy: { role: 'representative', organisationId: second }, stale: false });
    const { body: applicant } = await world.get(`/organisations/${applied.body.organisationId}`, coordinator);
    expect(applicant).toMatchObject({ standingFacts: [], stale: false });
    expect(applicant).not.toHaveProperty('assuredAt');
    expect((await world.get('/organisations?stale=maybe', coordinator)).status).toBe(400);
  });

  it('takes assurances of existing facts only, from those who may', async () => {
    const organisationId = await member('VR 6');
    expect((await assure(organisationId, { kinds: ['seat'] }, representative)).body.code).toBe('ASSURANCE_NOT_YOURS');
    expect((await assure(organisationId, { kinds: ['capacity'] })).body).toMatchObject({
      status: 422,
      code: 'ASSURANCE_KIND_UNKNOWN',
      data: { kept: ['identity', 'seat', 'fields'] },
    });
    expect((await assure(organisationId, { kinds: ['weather'] })).status).toBe(400);
    expect((await assure(organisationId, { kinds: [] })).status).toBe(400);
    expect((await assure(organisationId, { kinds: ['seat'] }, auditor)).status).toBe(403);
    expect((await assure(randomUUID(), { kinds: ['seat'] })).body.code).toBe('ASSURANCE_UNKNOWN');
    for (const query of [
      'stale=maybe',
      'dueBefore=2026-02-30',
      'organisationId=7',
      'sort=confidence',
      'kind=weather',
    ]) {
      expect((await world.get(`/assurances?${query}`, coordinator)).status).toBe(400);
    }
  });
});
