import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '@alliance/event-sourcing';
import { handleCommand } from '@alliance/event-store';
import { type Answer, auditor } from '@alliance/service-world';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { tafel } from '../organisation/organisation.given';
import { FIELD_SUCCESSIONS, fieldOfActionEvents } from './field-of-action.events';
import { fieldSuccession, type SucceedFields } from './field-succession.decider';

const context: CommandContext = {
  commandId: randomUUID(),
  correlationId: 'spec',
  causationId: 'spec',
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
  at: '2026-03-01T10:00:00.000Z',
};
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
    expect(list.body).toEqual({ items: [{ ...housing, ...names, successorKeys: [] }], total: 1 });
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

describe('fields of action as data: add, rename, split, merge with validity; facts under old keys stay readable and findable under the new', () => {
  const names = (key: string) => ({ nameDe: `${key} (de)`, nameEn: key });
  const add = (key: string) =>
    world.post('/fields-of-action', { key, ...names(key), validFrom: '2022-03-01' }, coordinator);
  const succeed = (succession: object) => world.post('/fields-of-action/successions', succession, coordinator);
  const field = async (after: Answer, key: string) => {
    const { body } = await world.getAfter(after, '/fields-of-action', representative);
    return body.items.find((item: { key: string }) => item.key === key);
  };
  const split = {
    effectiveOn: '2023-01-01',
    predecessorKeys: ['mental-health'],
    successors: [{ key: 'trauma-care', names: names('trauma-care') }, { key: 'counselling' }],
  };

  it('splits a field into a new and an existing one, and merges these again', async () => {
    await add('mental-health');
    await add('counselling');
    const organisation = { ...tafel, name: 'Seelsorge e.V.', identifiers: [], fieldKeys: ['mental-health'] };
    const applied = await world.post('/organisations', organisation, coordinator);
    const divided = await succeed(split);
    expect(divided.status).toBe(204);
    expect(await field(divided, 'mental-health')).toEqual({
      key: 'mental-health',
      ...names('mental-health'),
      validFrom: '2022-03-01',
      validTo: '2022-12-31',
      successorKeys: ['trauma-care', 'counselling'],
    });
    expect(await field(divided, 'trauma-care')).toMatchObject({ validFrom: '2023-01-01', successorKeys: [] });

    const merged = await succeed({
      effectiveOn: '2024-01-01',
      predecessorKeys: ['trauma-care', 'counselling'],
      successors: [{ key: 'wellbeing', names: names('wellbeing') }],
    });
    expect(await field(merged, 'counselling')).toMatchObject({
      validTo: '2023-12-31',
      successorKeys: ['wellbeing'],
    });
    await field(merged, 'wellbeing');
    for (const key of ['mental-health', 'counselling', 'wellbeing']) {
      const found = await world.getAfter(applied, `/organisations?field=${key}`, coordinator);
      expect(found.body.items).toMatchObject([{ name: 'Seelsorge e.V.', fieldKeys: ['mental-health'] }]);
    }
    const retired = await world.published('registry.FieldOfActionRetired.v1', 3);
    expect(retired.map(({ data }) => data)).toContainEqual({
      key: 'mental-health',
      validTo: '2022-12-31',
      successorKeys: ['trauma-care', 'counselling'],
    });
  });

  it('answers the same again as done, and another end of the same field as a conflict', async () => {
    expect((await succeed(split)).status).toBe(204);
    const other = await succeed({ ...split, successors: [{ key: 'counselling' }] });
    expect([other.status, other.body.code]).toEqual([409, 'FIELD_OF_ACTION_ENDED']);
    const back = await succeed({
      effectiveOn: '2025-01-01',
      predecessorKeys: ['wellbeing'],
      successors: [{ key: 'counselling' }],
    });
    expect([back.status, back.body.code]).toEqual([422, 'FIELD_SUCCESSOR_NOT_VALID']);
  });

  it('is finished by the reactor when it was decided and nothing more', async () => {
    await add('transport');
    const data = {
      effectiveOn: '2023-06-01',
      predecessorKeys: ['transport'],
      successors: [{ key: 'mobility', names: names('mobility') }],
    };
    const command: SucceedFields = {
      type: 'SucceedFields',
      data: { ...data, fields: [{ key: 'transport', validFrom: '2022-03-01' }] },
      context,
    };
    await handleCommand(world.store, fieldSuccession, FIELD_SUCCESSIONS, command);
    while ((await world.events(fieldOfActionEvents, 'transport')).length < 2) await sleep(20);
    expect(await world.events(fieldOfActionEvents, 'transport')).toMatchObject([
      {},
      { type: 'FieldOfActionRetired', data: { validTo: '2023-05-31', successorKeys: ['mobility'] } },
    ]);
    expect(await world.events(fieldOfActionEvents, 'mobility')).toMatchObject([{ data: { validFrom: '2023-06-01' } }]);
  });

  it('lists every fault of the request', async () => {
    const bad = { effectiveOn: '2023-02-30', predecessorKeys: ['a', 'a'], successors: [{ key: 'B', names: {} }] };
    const { status, body } = await succeed(bad);
    expect(status).toBe(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([
      'effectiveOn',
      'predecessorKeys',
      'successors[0].key',
      'successors[0].names.nameDe',
      'successors[0].names.nameEn',
    ]);
    expect((await world.post('/fields-of-action/successions', split, representative)).status).toBe(403);
  });
});
