import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type EmbeddedEventStore, type TestDatabase } from '@alliance/embedded';
import { type Bus, BusUnavailable, InProcessBus } from '@alliance/event-bus';
import { eventCatalogue, formatPosition, streamCategory, systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { migrate } from '@alliance/read-models';
import { Type } from '@sinclair/typebox';
import { SettingsError } from '../settings/load-settings';
import { openOutlet, type Outlet } from './outlet.given';
import { counterOpenedV1, sample } from './sample-service.given';
import { type Answer, eventually, infrastructure, startStore, World } from './sample-world.given';
import { migrationsOf } from './service-parts';
import { startService } from './start-service';

let eventStore: EmbeddedEventStore;

beforeAll(async () => {
  eventStore = await startStore();
});

afterAll(() => eventStore.stop());

/** The value of a metric with these labels. */
function figure(text: string, name: string, labels: Record<string, string>): number {
  const all = Object.entries({ ...labels, service: 'sample' }).map(([label, value]) => `${label}="${value}"`);
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`alliance_${name}{`) && all.every((label) => one.includes(label)));
  return Number(line?.split(' ').at(-1));
}

const position = (answer: Answer) => answer.headers.get('alliance-position') ?? 'none';

describe('a running service', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(eventStore);
    await world.service.started;
  });
  afterAll(() => world.stop());

  it('shows a command in its own read model, to who waits for its position', async () => {
    const opened = await world.open('first');
    expect(opened).toMatchObject({ status: 201, body: { id: expect.any(String) as string } });
    expect(opened.headers.get('etag')).toBe('"0"');
    const location = opened.headers.get('location') ?? '';
    expect(await world.call('GET', location, { 'min-position': position(opened) })).toMatchObject({
      status: 200,
      body: { name: 'first', count: 0, limit: 10 },
    });
  });

  it('answers to a position of another aggregate at once, in any process, and with all that lies before it', async () => {
    const reader = await World.start(eventStore, { environment: { ROLES: 'http', DATABASE_URL: world.database.url } });
    await reader.service.started;
    const store = EventStore.connect({ connectionString: eventStore.connectionString });
    const others = eventCatalogue(streamCategory('sample', 'other'), { Happened: { schema: Type.Object({}) } });
    for (let round = 1; round <= 5; round += 1) {
      const name = `before another ${round}`;
      const opened = await world.open(name);
      const commandId = randomUUID();
      const { position: foreign } = await store.append(
        others.category.streamName(commandId),
        others,
        [
          {
            type: 'Happened',
            data: {},
            metadata: {
              eventId: randomUUID(),
              commandId,
              correlationId: commandId,
              causationId: commandId,
              actor: { subject: 'c-1', roles: [] },
              occurredAt: '2026-03-01T09:30:00.000Z',
              schemaVersion: 1,
            },
          },
        ],
        'no-stream',
      );
      for (const process of [reader, world]) {
        const askedAtMs = performance.now();
        const headers = { 'min-position': formatPosition(foreign) };
        const answer = await process.call('GET', opened.headers.get('location') ?? '', headers);
        expect(answer).toMatchObject({ status: 200, body: { name } });
        expect(performance.now() - askedAtMs).toBeLessThan(2_000);
      }
    }
    await store.close();
    await reader.stop();
  });

  it('takes a repeat of a creation for what it is: the same id and nothing new in the log', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await world.open('once', key);
    const again = await world.open('once', key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    await world.call('GET', first.headers.get('location') ?? '', { 'min-position': position(again) });
    expect(await world.rows(`SELECT name FROM counter WHERE name = 'once'`)).toHaveLength(1);
  });

  it('refuses another request under a key that is in the log already, and leaves the first as it is', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [one, other] = await Promise.all([world.open('the one', key), world.open('the other', key)]);
    const [first, refused] = one.status === 201 ? [one, other] : [other, one];
    expect(first.status).toBe(201);
    expect(refused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await world.open('a third', key)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const location = first.headers.get('location') ?? '';
    const name = first === one ? 'the one' : 'the other';
    expect(await world.call('GET', location, { 'min-position': position(first) })).toMatchObject({ body: { name } });
    expect(await world.open(name, key)).toMatchObject({ status: 201, body: first.body });
  });

  it('answers a refusal with its code, and a revision that is not the present one with 412', async () => {
    expect(await world.call('POST', `/sample/counters/${randomUUID()}/count`)).toMatchObject({
      status: 404,
      body: { code: 'COUNTER_UNKNOWN' },
    });
    const opened = await world.open('matched');
    const count = (etag: string) => world.call('POST', `${opened.headers.get('location')}/count`, { 'if-match': etag });
    const counted = await count('"0"');
    expect(counted.status).toBe(204);
    expect(counted.headers.get('etag')).toBe('"1"');
    expect(await count('"0"')).toMatchObject({
      status: 412,
      body: { code: 'REVISION_MISMATCH', data: { revision: '1' } },
    });
  });

  it('publishes what its contracts say, and its consumer remembers it, with correlation and trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await world.open('published', { 'x-correlation-id': 'walk-1', traceparent });
    await eventually(
      () => world.rows(`SELECT name, correlation_id, traceparent FROM known_counter WHERE name = 'published'`),
      (rows) => expect(rows).toEqual([{ name: 'published', correlation_id: 'walk-1', traceparent }]),
    );
  });

  it('reacts to its own facts', async () => {
    await world.open('greeted');
    await eventually(
      () => world.rows(`SELECT count FROM counter WHERE name = 'greeted'`),
      (rows) => expect(rows).toEqual([{ count: 1 }]),
    );
  });

  it('gives by the clock what its read model knows to be due, once', async () => {
    await world.open('timed');
    await eventually(
      () => world.rows(`SELECT count FROM counter WHERE name = 'timed'`),
      (rows) => expect(rows).toEqual([{ count: 1 }]),
    );
    // Ticks that came before the read model knew of it have changed nothing.
    const last = await world.open('last');
    await world.call('GET', last.headers.get('location') ?? '', { 'min-position': position(last) });
    expect(await world.rows(`SELECT count FROM counter WHERE name = 'timed'`)).toEqual([{ count: 1 }]);
    await eventually(
      () => world.call('GET', '/metrics'),
      ({ text }) => {
        expect(figure(text, 'scheduler_active', {})).toBe(1);
        expect(figure(text, 'scheduled_commands_total', { schedule: 'timer' })).toBeGreaterThan(0);
        const tickedAt = figure(text, 'schedule_ticked_timestamp_seconds', { schedule: 'timer' });
        expect(Math.abs(tickedAt - Date.now() / 1000)).toBeLessThan(600);
      },
    );
  });

  it('is live, started and ready, and says so', async () => {
    for (const probe of ['live', 'started', 'ready'])
      expect((await world.call('GET', `/health/${probe}`)).status).toBe(200);
    expect((await world.call('GET', '/health/ready')).body).toEqual({
      ready: true,
      checks: { 'event-store': 'ok', database: 'ok', bus: 'ok' },
    });
  });

  it('measures requests, commands, followers and parked keys', async () => {
    await world.open('poison');
    await eventually(
      () => world.call('GET', '/metrics'),
      ({ text }) => {
        const topic = 'sample.counter.v1';
        const route = '/sample/counters';
        expect(figure(text, 'http_request_seconds_count', { method: 'POST', route, status: '201' })).toBeGreaterThan(0);
        expect(figure(text, 'commands_total', { command: 'OpenCounter', outcome: 'accepted' })).toBeGreaterThan(0);
        expect(figure(text, 'commands_total', { command: 'Count', outcome: 'COUNTER_UNKNOWN' })).toBe(1);
        for (const follower of ['counter-list', 'relay', 'greeter']) {
          const seenAt = figure(text, 'follower_seen_timestamp_seconds', { follower });
          expect(Math.abs(seenAt - Date.now() / 1000)).toBeLessThan(600);
        }
        expect(figure(text, 'consumer_messages_total', { topic, outcome: 'handled' })).toBeGreaterThan(0);
        expect(figure(text, 'parked_keys', { topic })).toBe(1);
      },
    );
  });

  it('describes itself', async () => {
    const { body } = await world.call('GET', '/sample/openapi.json');
    expect(Object.keys((body as { paths: object }).paths)).toContain('/sample/counters/{id}/count');
  });
});

describe('a service whose infrastructure is down', () => {
  let testDatabase: TestDatabase;
  let database: Outlet;
  let store: Outlet;
  let world: World;
  let busIsUp = true;

  beforeEach(async () => {
    busIsUp = true;
    const bus = InProcessBus.inMemory(systemClock);
    const check = () => (busIsUp ? bus.check() : Promise.reject(new BusUnavailable('Nobody answers.')));
    const unsteady: Bus = {
      publish: async (messages) => check().then(() => bus.publish(messages)),
      subscribe: (options) => bus.subscribe(options),
      check,
      close: () => bus.close(),
    };
    testDatabase = await createTestDatabase();
    const target = new URL(testDatabase.url);
    database = await openOutlet(Number(target.port));
    store = await openOutlet(eventStore.port);
    target.port = String(database.port);
    await database.on();
    await migrate({ url: target.href, migrations: migrationsOf(sample) });
    await database.off();
    const environment = { DATABASE_URL: target.href, EVENTSTORE_URL: `esdb://127.0.0.1:${store.port}?tls=false` };
    world = await World.start(eventStore, { environment, bus: unsteady, migrated: false });
  });

  afterEach(async () => {
    await world.stop();
    await Promise.all([database.off(), store.off()]);
    await testDatabase.drop();
  });

  const ready = () => world.call('GET', '/health/ready');

  it('starts all the same, lives, is not ready and says why, and comes to work by itself', async () => {
    expect((await world.call('GET', '/health/live')).status).toBe(200);
    expect(await world.call('GET', '/health/started')).toMatchObject({ status: 503 });
    const early = await world.open('early');
    expect(early).toMatchObject({ status: 503, body: { code: 'STARTING' } });
    expect(early.headers.get('retry-after')).toBe('1');
    const { status, body } = await ready();
    expect(status).toBe(503);
    expect(body).toMatchObject({
      ready: false,
      checks: { service: 'starting', bus: 'ok', database: expect.stringContaining('ECONNREFUSED') as string },
    });

    await database.on();
    await store.on();
    await eventually(ready, (answer) => expect(answer.status).toBe(200));
    await eventually(
      () => world.open('late'),
      (answer) => expect(answer.status).toBe(201),
    );
  });

  it('answers 503 with Retry-After while something is gone, and resumes', async () => {
    await database.on();
    await store.on();
    await eventually(ready, (answer) => expect(answer.status).toBe(200));
    const opened = await world.open('before');
    const location = opened.headers.get('location') ?? '';
    await eventually(
      () => world.call('GET', location),
      (answer) => expect(answer.status).toBe(200),
    );

    await database.off();
    const unread = await world.call('GET', location);
    expect(unread).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
    expect(unread.headers.get('retry-after')).toBe('5');
    await eventually(ready, (answer) => expect(answer.status).toBe(503));
    expect((await world.call('GET', '/health/live')).status).toBe(200);

    await store.off();
    expect(await world.open('lost')).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    busIsUp = false;
    await eventually(ready, ({ body }) => {
      const { checks } = body as { checks: Record<string, string> };
      expect(checks['bus']).toBe('Nobody answers.');
      expect(checks['event-store']).not.toBe('ok');
    });

    await database.on();
    await store.on();
    busIsUp = true;
    await eventually(ready, (answer) => expect(answer.status).toBe(200));
    const after = await world.open('after');
    expect(after.status).toBe(201);
    const waiting = { 'min-position': position(after) };
    await eventually(
      () => world.call('GET', after.headers.get('location') ?? '', waiting),
      (answer) => expect(answer.status).toBe(200),
    );
  }, 60_000);
});

describe('a service', () => {
  it('is not ready while migrations are pending', async () => {
    const world = await World.start(eventStore, { migrated: false });
    await world.service.started;
    const { ready, checks } = await world.service.readiness();
    expect(ready).toBe(false);
    expect(checks['database']).toMatch(/^migrations are pending: .*CreateCounter1700000000001/);
    await world.stop();
  });

  it('does only what its roles say', async () => {
    const world = await World.start(eventStore, { environment: { ROLES: 'relay' } });
    await world.service.started;
    expect(await world.open('unheard')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ROUTE' } });
    expect((await world.call('GET', '/health/live')).status).toBe(200);
    await eventually(
      () => world.call('GET', '/metrics'),
      ({ text }) => expect(text).toMatch(/follower_seen_timestamp_seconds\{follower="relay"/),
    );
    expect((await world.call('GET', '/metrics')).text).not.toMatch(/follower="counter-list"/);
    await world.stop();
  });

  it('finishes the requests under way when it is closed, and takes no more', async () => {
    const world = await World.start(eventStore);
    await world.service.started;
    const slow = world.call('GET', `/sample/counters/${randomUUID()}/slowly`);
    await sleep(150);
    const closed = world.service.close();
    expect(await world.open('late')).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } });
    expect(await slow).toMatchObject({ status: 200 });
    await closed;
    await world.stop();
  });

  it('does not start when it consumes a contract that nobody handles', async () => {
    const other = { ...counterOpenedV1, type: 'sample.CounterClosed.v1' };
    const world = await World.start(eventStore, { definition: { ...sample, consumes: [...sample.consumes, other] } });
    await expect(world.service.started).rejects.toThrow(
      'sample.CounterClosed.v1 is consumed, but no handler reads it.',
    );
    expect((await world.call('GET', '/health/started')).status).toBe(503);
    await world.stop();
  });

  it('does not start when the streams of one aggregate would be taken for those of another', async () => {
    const bus = InProcessBus.inMemory(systemClock);
    const [publisher] = sample.publishers;
    const { category } = publisher?.catalogue ?? { category: streamCategory('none', 'none') };
    const longer = streamCategory(category.service, `${category.aggregate}-import`);
    const reactor = {
      name: 'odd',
      catalogues: [eventCatalogue(longer, {})],
      policy: () => [],
      execute: async () => {},
    };
    const environment = { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', DATABASE_URL: 'postgres://127.0.0.1:1/x' };
    const start = () => startService({ ...sample, reactors: [reactor] }, environment, { bus, ...infrastructure });
    expect(start).toThrow(`Streams named ${longer.prefix}… would be taken for ${category.prefix}…`);
    await bus.close();
  });

  it('tells all faults of the settings of its host and of its own', async () => {
    const bus = InProcessBus.inMemory(systemClock);
    const start = () => startService(sample, { SAMPLE_LIMIT: '0', DATABASE_URL: 'x' }, { bus, ...infrastructure });
    expect(start).toThrow(SettingsError);
    expect(start).toThrow(/DATABASE_URL: .*\nEVENTSTORE_URL: .*\nSAMPLE_LIMIT: /);
    await bus.close();
  });
});
