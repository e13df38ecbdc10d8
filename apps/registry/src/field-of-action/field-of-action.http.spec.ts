import { auditor, coordinator, RegistryWorld, representative } from '../registry.given';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const housing = { key: 'accommodation', nameDe: 'Unterbringung', nameEn: 'Accommodation', validFrom: '2022-03-01' };

describe('the API of fields of action', () => {
  it('adds a field, renames it under its key, and publishes both', async () => {
    expect((await world.post('/fields-of-action', housing, coordinator)).status).toBe(201);
    const again = await world.post('/fields-of-action', housing, coordinator);
    expect([again.status, again.body.code]).toEqual([409, 'FIELD_OF_ACTION_KEY_TAKEN']);
    const names = { nameDe: 'Wohnen', nameEn: 'Housing' };
    const renamed = await world.post('/fields-of-action/accommodation/names', names, coordinator);
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([204, '"1"']);
    const list = await world.getAfter(renamed, '/fields-of-action', representative);
    expect(list.body).toEqual({ items: [{ ...housing, ...names }], total: 1 });
    expect((await world.published('registry.FieldOfActionAdded.v1', 1))[0]?.data).toEqual(housing);
    expect((await world.published('registry.FieldOfActionRenamed.v1', 1))[0]?.data).toEqual({ ...housing, ...names });
  });

  it('leaves out fields that are not valid on the day that is asked for', async () => {
    const field = { ...housing, key: 'arrival', validFrom: '2022-02-24', validTo: '2023-12-31' };
    const added = await world.post('/fields-of-action', field, coordinator);
    const keys = async (day: string) => {
      const { body } = await world.getAfter(added, `/fields-of-action?validOn=${day}`, auditor);
      return body.items.map(({ key }: { key: string }) => key);
    };
    expect(await keys('2023-12-31')).toContain('arrival');
    expect(await keys('2024-01-01')).not.toContain('arrival');
    expect(await keys('2022-02-23')).toEqual([]);
  });

  it('is for coordinators to change, and lists every fault', async () => {
    expect((await world.post('/fields-of-action', housing, representative)).status).toBe(403);
    const { status, body } = await world.post('/fields-of-action', { key: 'Not A Key', nameDe: '' }, coordinator);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'key',
      'nameDe',
      'nameEn',
      'validFrom',
    ]);
  });
});
