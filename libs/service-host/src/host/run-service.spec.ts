import { EventEmitter, once } from 'node:events';
import type { EmbeddedEventStore } from '@alliance/embedded';
import type { Environment } from '../settings/load-settings';
import { run } from './run-service';
import { sample } from './sample-service.given';
import { eventually, startStore, World } from './sample-world.given';

/** Where nobody listens. */
const NOWHERE = '127.0.0.1:1';

let eventStore: EmbeddedEventStore;
let world: World;
let environment: Environment;

beforeAll(async () => {
  eventStore = await startStore();
  world = await World.start(eventStore, { migrated: false });
  environment = {
    EVENTSTORE_URL: eventStore.connectionString,
    DATABASE_URL: world.database.url,
    KAFKA_BROKERS: NOWHERE,
    OIDC_ISSUER: `http://${NOWHERE}`,
    OIDC_AUDIENCE: 'alliance',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
});

afterAll(async () => {
  await world.stop();
  await eventStore.stop();
});

async function runWith(args: readonly string[], changes: Environment = {}) {
  const lines: string[] = [];
  const errors: string[] = [];
  const terminal = {
    print: (line: string) => void lines.push(line),
    printError: (line: string) => void errors.push(line),
    stop: Promise.resolve(),
  };
  const exit = await run(sample, args, { ...environment, ...changes }, terminal);
  return { exit, lines, errors };
}

const operator = ['--by', 'op-1', '--why', 'it was wrong'];

describe('the command line of a service', () => {
  it('checks the settings, of the host and its own, and lists every fault', async () => {
    expect(await runWith(['--check-config'])).toEqual({
      exit: 0,
      lines: ['The settings of sample are complete.'],
      errors: [],
    });
    const { exit, errors } = await runWith(['--check-config'], {
      DATABASE_URL: '',
      KAFKA_BROKERS: 'x',
      SAMPLE_LIMIT: '0',
    });
    expect(exit).toBe(1);
    expect(errors[0]).toBe('The settings of sample are not complete:');
    expect(errors[1]?.split('\n').map((fault) => fault.split(':')[0])).toEqual([
      'DATABASE_URL',
      'KAFKA_BROKERS',
      'SAMPLE_LIMIT',
    ]);
  });

  it.each([
    [['dance']],
    [['migrate', 'now']],
    [['parked', 'show']],
    [['parked', 'drop', 'topic', 'key']],
    [['parked', 'dance', 'topic', 'key', ...operator]],
    [['--unknown']],
  ])('answers %p in one line with what it understands', async (args) => {
    const { exit, errors } = await runWith(args);
    expect(exit).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/is not understood; expected one of --check-config, migrate, /)]);
  });

  it('tells in one line that the database is not there', async () => {
    const { exit, lines, errors } = await runWith(['migrate'], { DATABASE_URL: `postgres://u:secret@${NOWHERE}/x` });
    expect({ exit, lines }).toEqual({ exit: 1, lines: [] });
    expect(errors).toEqual([expect.stringMatching(/^sample: connect ECONNREFUSED [^\n]*$/)]);
  });

  it('migrates the database once', async () => {
    const first = await runWith(['migrate']);
    expect(first.exit).toBe(0);
    expect(first.lines[0]).toMatch(/^Applied: .*CreateCounter1700000000001.*\.$/);
    expect(await runWith(['migrate'])).toEqual({ exit: 0, lines: ['The schema was up to date.'], errors: [] });
  });

  it('rebuilds a read model by its name', async () => {
    await eventually(
      () => world.open('rebuilt'),
      ({ status }) => expect(status).toBe(201),
    );
    expect(await runWith(['rebuild', 'counter-list'])).toMatchObject({
      exit: 0,
      lines: [expect.stringMatching(/^Rebuilt counter-list from [1-9]\d* events\.$/) as string],
    });
    expect(await world.rows(`SELECT name FROM counter WHERE name = 'rebuilt'`)).toHaveLength(1);
    expect(await runWith(['rebuild', 'other'])).toMatchObject({
      exit: 1,
      errors: ['There is no read model "other"; there are: counter-list.'],
    });
  });

  it('lists, shows, replays and drops what is parked', async () => {
    const { body } = await world.open('poison');
    const key = `sample.counter-${(body as { id: string }).id}`;
    await eventually(
      () => runWith(['parked', 'list']),
      ({ lines }) =>
        expect(lines).toEqual([expect.stringMatching(`^sample.counter.v1 ${key}: 1 since .*This counter cannot`)]),
    );
    const act = (action: string) => runWith(['parked', action, 'sample.counter.v1', key, ...operator]);
    const shown = await act('show');
    expect(shown.exit).toBe(0);
    expect(JSON.parse(shown.lines[0] ?? '')).toMatchObject({ value: '{"name":"poison"}' });
    expect(await act('replay')).toMatchObject({
      exit: 1,
      lines: [`Replayed 0 of ${key}.`],
      errors: [expect.stringMatching(/^sample: It stays parked: .*This counter cannot be known/) as string],
    });
    expect(await act('drop')).toMatchObject({
      exit: 0,
      lines: [expect.stringMatching(/^Dropped the message/) as string],
    });
    expect(await act('drop')).toMatchObject({ exit: 1 });
    expect(await runWith(['parked', 'list'])).toEqual({ exit: 0, lines: [], errors: [] });
    const audited = await world.rows(`SELECT action, by_subject, why FROM parking_audit ORDER BY id`);
    expect(audited).toEqual(
      ['showed', 'replay failed', 'dropped'].map((action) => ({ action, by_subject: 'op-1', why: 'it was wrong' })),
    );
  });
});

describe('a service as a process of its own', () => {
  it('serves until it is told to stop, live though the broker is down', async () => {
    const told = new EventEmitter();
    const listening = once(told, 'listening');
    const exit = run(sample, [], environment, {
      print: () => undefined,
      printError: (line) => told.emit('error', new Error(line)),
      stop: once(told, 'stop'),
      onListening: (url) => told.emit('listening', url),
    });
    const [url] = (await listening) as [string];
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await eventually(
      async () => (await fetch(`${url}/health/ready`)).json() as Promise<{ ready: boolean; checks: object }>,
      ({ ready, checks }) => {
        expect(ready).toBe(false);
        expect(checks).toMatchObject({ 'event-store': 'ok', database: 'ok' });
        expect(checks).not.toMatchObject({ bus: 'ok' });
      },
    );
    const answer = await fetch(`${url}/sample/counters`, {
      method: 'POST',
      headers: { authorization: 'Bearer abc', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    told.emit('stop');
    expect(await exit).toBe(0);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  }, 30_000);

  it('tells in one line that its port is taken', async () => {
    const { port } = new URL(eventStore.connectionString);
    expect(await runWith([], { PORT: port })).toEqual({
      exit: 1,
      lines: [],
      errors: [`sample: listen EADDRINUSE: address already in use 127.0.0.1:${port}`],
    });
  });
});
