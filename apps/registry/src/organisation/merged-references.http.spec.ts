import { randomUUID } from 'node:crypto';
import { importRegionFile } from '../region/region.given';
import { type Answer, type Caller } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { advice } from '../structure/structure.given';
import { allFrom } from './merge.given';
import { checks, tafel } from './organisation.given';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
  await world.post(
    '/fields-of-action',
    { key: 'orientation', nameDe: 'Orientierung', nameEn: 'Orientation', validFrom: '2022-03-01' },
    coordinator,
  );
  await importRegionFile(world, 'ags,name,population\n09162000,München,1471508\n05314000,Bonn,330000\n');
});
afterAll(() => world.stop());

let numbers = 0;
async function member(name: string, more: object = {}): Promise<string> {
  const identifiers = [{ scheme: 'vereinsregister', court: 'Köln', number: `VR ${(numbers += 1)}` }];
  const { body } = await world.post('/organisations', { ...tafel, name, identifiers, ...more }, representative);
  await world.post(`/organisations/${body.organisationId}/verification`, { checks }, coordinator);
  const admitted = await world.post(`/organisations/${body.organisationId}/admission`, undefined, coordinator);
  expect(admitted.status).toBe(204);
  return body.organisationId;
}
/** Answers when the directory shows it: structures find their owner there. */
async function shown(answer: Answer, id: string): Promise<Answer> {
  expect(answer.status).toBe(204);
  await world.getAfter(answer, `/organisations/${id}`, coordinator);
  return answer;
}
async function merge(id: string, into: string): Promise<Answer> {
  const wish = { into, factsFrom: allFrom('survivor'), reasonCode: 'duplicate' };
  return shown(await world.post(`/organisations/${id}/merge`, wish, coordinator), id);
}
const undo = async (id: string) =>
  shown(await world.post(`/organisations/${id}/merge-undo`, { reasonCode: 'mistaken' }, otherCoordinator), id);
const owner = (organisationId: string): Caller => ({ ...representative, organisationId });

/** Each in a service of its own, so that none overlaps with another. */
async function structure(organisationId: string, name: string, service: string): Promise<Answer> {
  const recorded = await world.post('/structures', { ...advice, organisationId, name, service }, owner(organisationId));
  expect(recorded.status).toBe(201);
  return recorded;
}
const idsIn = ({ body }: Answer) => body.items.map(({ id }: { id: string }) => id);

describe('merging moves the references, and undo restores them', () => {
  it('the structures of a merged organisation are those of the surviving one, over several merges', async () => {
    const [a, b, c] = [await member('Tafel A'), await member('Tafel B'), await member('Tafel C')];
    const recorded = await structure(a, 'Beratung', 'owned-advice');
    const { structureId: id } = recorded.body;
    await merge(a, b);
    await merge(b, c);
    expect((await world.getAfter(recorded, `/structures/${id}`, coordinator)).body).toMatchObject({
      organisationId: a,
      owner: { id: c, name: 'Tafel C' },
    });
    for (const one of [a, b, c])
      expect(idsIn(await world.get(`/structures?organisation=${one}`, coordinator))).toEqual([id]);

    await undo(b);
    const of = (organisationId: string) => world.get(`/structures?organisation=${organisationId}`, coordinator);
    expect(idsIn(await of(c))).toEqual([]);
    expect((await of(b)).body.items).toMatchObject([{ id, organisationId: a, owner: { id: b, name: 'Tafel B' } }]);
    await undo(a);
    const { body } = await world.get(`/structures/${id}`, coordinator);
    expect(body).toMatchObject({ organisationId: a, owner: { id: a, name: 'Tafel A' } });
  });

  it('a branch belongs to the organisation that its parent counts as', async () => {
    const [parent, survivor] = [await member('Tafel-Verband A'), await member('Tafel-Verband B')];
    const branch = await member('Tafel Bonn', { parentOrganisationId: parent });
    const parentShown = async () => {
      const { body } = await world.get(`/organisations?q=Tafel%20Bonn`, coordinator);
      const { body: one } = await world.get(`/organisations/${branch}`, coordinator);
      const listed = body.items.find(({ id }: { id: string }) => id === branch);
      expect(listed.parentOrganisationId).toBe(one.parentOrganisationId);
      return one.parentOrganisationId;
    };
    await merge(parent, survivor);
    expect(await parentShown()).toBe(survivor);
    await undo(parent);
    expect(await parentShown()).toBe(parent);
    await merge(parent, branch);
    expect(await parentShown()).toBeUndefined();
  });

  it('representatives of the surviving organisation revise and end them, those of the merged one do not', async () => {
    const [goes, stays] = [await member('Geht'), await member('Bleibt')];
    const { structureId: id } = (await structure(goes, 'Sprachkurs', 'led-course')).body;
    const revision = (name: string, by: Caller) =>
      world.post(`/structures/${id}/revision`, { ...advice, service: 'led-course', name }, by);
    expect((await revision('Fremd', owner(stays))).body.code).toBe('STRUCTURE_NOT_YOURS');
    await merge(goes, stays);
    expect((await revision('Sprachkurs B1', owner(stays))).status).toBe(204);
    expect((await revision('Sprachkurs B2', owner(goes))).body.code).toBe('STRUCTURE_NOT_YOURS');
    expect((await revision('Sprachkurs B2', owner(randomUUID()))).body.code).toBe('STRUCTURE_NOT_YOURS');
    const further = { ...advice, organisationId: goes, service: 'another-course' };
    const late = await world.post('/structures', further, coordinator);
    expect([late.status, late.body.code]).toEqual([409, 'STRUCTURE_ORGANISATION_NOT_ADMITTED']);

    await undo(goes);
    expect((await revision('Sprachkurs C1', owner(stays))).body.code).toBe('STRUCTURE_NOT_YOURS');
    expect((await world.post(`/structures/${id}/end`, { reasonCode: 'done' }, owner(goes))).status).toBe(204);
  });

  it('the gate names the surviving organisation as the one to join', async () => {
    const [goes, stays] = [await member('Alter Eintrag'), await member('Neuer Eintrag')];
    const recorded = await structure(goes, 'Hotline', 'joined-hotline');
    const asked = async () => {
      const { fieldKeys, regionKeys, targetGroups } = advice;
      const proposal = { fieldKeys, regionKeys, targetGroups, service: 'joined-hotline' };
      const seen = { 'min-position': recorded.headers.get('alliance-position') ?? '' };
      return (await world.post('/overlaps', proposal, coordinator, seen)).body.items;
    };
    await merge(goes, stays);
    expect(await asked()).toMatchObject([
      { organisation: { id: stays, name: 'Neuer Eintrag' }, suggestion: 'Join Hotline of Neuer Eintrag' },
    ]);
    await undo(goes);
    expect(await asked()).toMatchObject([
      { organisation: { id: goes, name: 'Alter Eintrag' }, suggestion: 'Join Hotline of Alter Eintrag' },
    ]);
  });

  it('who does what where shows the surviving organisation on every day', async () => {
    const [a, b] = [await member('Hilfe A'), await member('Hilfe B')];
    const c = await member('Hilfe C', { kind: 'foundation' });
    const first = await structure(a, 'Garküche', 'shown-kitchen');
    const rows = async (after: Answer, query: string) => {
      const { body } = await world.getAfter(after, `/presence?within=09162000&limit=100&${query}`, coordinator);
      return body.items
        .filter(({ service }: { service: string }) => service.startsWith('shown-'))
        .map((row: Answer['body']) => [row.organisationId, row.organisationName, row.organisationKind]);
    };
    const [asA, asB, asC] = [
      [a, 'Hilfe A', 'civil-society'],
      [b, 'Hilfe B', 'civil-society'],
      [c, 'Hilfe C', 'foundation'],
    ];
    expect(await rows(first, '')).toEqual([asA]);
    await merge(a, b);
    const merged = await merge(b, c);
    expect(await rows(merged, 'asOf=2022-05-01&kind=foundation')).toEqual([asC]);
    const { structureId } = first.body;
    const facts = { ...advice, name: 'Zwei Garküchen', service: 'shown-kitchens' };
    const revised = await world.post(`/structures/${structureId}/revision`, facts, owner(c));
    expect(await rows(revised, '')).toEqual([asC]);
    expect(await rows(await undo(b), '')).toEqual([asB]);
    expect(await rows(await undo(a), 'asOf=2022-05-01')).toEqual([asA]);
    expect(await rows(await world.post(`/organisations/${b}/departure`, {}, coordinator), '')).toEqual([asA]);
  });
});
