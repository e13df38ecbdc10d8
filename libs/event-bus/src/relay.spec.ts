import { publication } from '@alliance/contracts';
import { streamCategory, systemClock } from '@alliance/event-sourcing';
import { type BusMessage, BusUnavailable } from './bus';
import { decodeCloudEvent } from './cloud-events';
import { ContractViolation } from './contract-check';
import type { Lease } from './lease';
import { type RelayedSlice, type RelayReport, runRelay } from './relay';
import { consumerDatabase, eventually } from './testing/consumer-database';
import { ListLog } from './testing/list-log';
import { thingHappenedV1 } from './testing/thing-contract';

const things = streamCategory('testing', 'thing');
const slice: RelayedSlice = {
  catalogue: { category: things },
  publish: ({ type, data }) => (type === 'Noted' ? undefined : publication(thingHappenedV1, data as { what: string })),
};

let database: Awaited<ReturnType<typeof consumerDatabase>>;
let log: ListLog;
let published: BusMessage[];
let reports: RelayReport[];
let stopping: AbortController;
let running: Promise<void>;
let connections: AbortController[];

beforeAll(async () => {
  database = await consumerDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE checkpoint');
  log = new ListLog();
  [published, reports, connections] = [[], [], []];
});
afterEach(async () => {
  stopping.abort();
  await running.catch(() => undefined);
});

/** Given to whoever asks; the test breaks the connection. */
const lease: Lease = {
  acquire: async (signal) => {
    if (signal.aborted) return undefined;
    const lost = new AbortController();
    connections.push(lost);
    return { lost: lost.signal, release: async () => undefined };
  },
};

function relay(
  publish: (messages: readonly BusMessage[]) => Promise<void> = async (messages) => void published.push(...messages),
  slices: readonly RelayedSlice[] = [slice],
): void {
  stopping = new AbortController();
  running = runRelay({
    service: 'testing',
    slices,
    log,
    rows: database.access.rows,
    bus: { publish },
    lease,
    clock: systemClock,
    signal: stopping.signal,
    observe: (report) => reports.push(report),
  });
}

const whats = () => published.map((message) => (decodeCloudEvent(message).data as { what: string }).what);
const checkpoint = () => database.access.rows.loadCheckpoint('relay testing');

describe('The relay', () => {
  it('publishes what its slices make of the log, keyed by stream, and saves how far it has come', async () => {
    log.append('testing.thing-1', 'Happened', { what: 'rain' });
    log.append('testing.thing-1', 'Noted', {});
    const last = log.append('testing.thing-2', 'Happened', { what: 'sun' });
    relay();
    await eventually(async () => (await checkpoint())?.commit === last.position.commit);
    expect(published.map(({ topic, key }) => [topic, key])).toEqual([
      [thingHappenedV1.topic, 'testing.thing-1'],
      [thingHappenedV1.topic, 'testing.thing-2'],
    ]);
    expect(published.slice(1).map(decodeCloudEvent)).toEqual([
      {
        id: last.metadata.eventId,
        source: '/testing',
        type: thingHappenedV1.type,
        subject: 'testing.thing-2',
        time: last.metadata.occurredAt,
        streamRevision: 0n,
        logPosition: last.position,
        correlationId: 'c0ffee',
        data: { what: 'sun' },
      },
    ]);
  });

  it('goes on after its checkpoint when it is started again', async () => {
    log.append('testing.thing-1', 'Happened', { what: 'rain' });
    relay();
    await eventually(async () => (await checkpoint()) !== undefined);
    stopping.abort();
    await running;
    log.append('testing.thing-1', 'Happened', { what: 'sun' });
    relay();
    await eventually(() => published.length === 2);
    expect(whats()).toEqual(['rain', 'sun']);
  });

  it('tries again while the bus does not answer, and skips nothing', async () => {
    let failures = 3;
    for (const what of ['rain', 'sun']) log.append('testing.thing-1', 'Happened', { what });
    relay(async (messages) => {
      if ((failures -= 1) >= 0) throw new BusUnavailable('No answer.');
      published.push(...messages);
    });
    await eventually(() => published.length === 2);
    expect(whats()).toEqual(['rain', 'sun']);
    const retrying = reports.flatMap((report) => (report.kind === 'retrying' ? [report.failuresInARow] : []));
    expect(retrying).toEqual([1, 2, 3]);
  });

  it('sends together what piled up while the last was under way', async () => {
    const sizes: number[] = [];
    relay(async (messages) => {
      sizes.push(messages.length);
      await systemClock.sleep(30);
      published.push(...messages);
    });
    for (let number = 0; number < 50; number += 1) {
      log.append(`testing.thing-${number % 3}`, 'Happened', { what: `${number}` });
      if (number < 10) await systemClock.sleep(1);
    }
    await eventually(() => published.length === 50);
    expect(whats()).toEqual(Array.from({ length: 50 }, (_, number) => `${number}`));
    expect(sizes.length).toBeLessThan(10);
  });

  it('stops loudly at data that breaks its contract, and its checkpoint stays before it', async () => {
    log.append('testing.thing-1', 'Happened', { what: 'rain' });
    relay();
    await eventually(() => published.length === 1);
    const before = await checkpoint();
    log.append('testing.thing-1', 'Happened', { what: 7 });
    log.append('testing.thing-1', 'Happened', { what: 'sun' });
    await expect(running).rejects.toThrow(ContractViolation);
    expect(whats()).toEqual(['rain']);
    expect(reports.at(-1)).toMatchObject({ kind: 'failed', error: { name: 'ContractViolation' } });
    expect((await checkpoint())?.commit).toBe(before?.commit ?? 0n);
  });

  it('publishes nothing more once its lease is lost, and goes on when it holds it again', async () => {
    let answer: () => void = () => undefined;
    const attempts: string[][] = [];
    log.append('testing.thing-1', 'Happened', { what: 'rain' });
    relay(async (messages) => {
      attempts.push(messages.map((message) => message.value.toString()));
      if (connections.length === 1) await new Promise<void>((resolve) => (answer = resolve));
      published.push(...messages);
    });
    await eventually(() => attempts.length === 1);
    log.append('testing.thing-1', 'Happened', { what: 'sun' });
    connections[0]?.abort();
    answer();
    await eventually(() => connections.length === 2 && published.length >= 2);
    expect(attempts[0]).toEqual(['{"what":"rain"}']);
    expect(whats().at(-1)).toBe('sun');
    expect(reports.filter(({ kind }) => kind === 'standby')).toHaveLength(2);
  });

  it('gives an event to the slice with the longest fitting prefix', async () => {
    const parts: RelayedSlice = {
      catalogue: { category: streamCategory('testing', 'thing-part') },
      publish: () => publication(thingHappenedV1, { what: 'a part' }),
    };
    log.append('testing.thing-part-1', 'Happened', { what: 'a whole' });
    relay(undefined, [slice, parts]);
    await eventually(() => published.length === 1);
    expect(whats()).toEqual(['a part']);
  });
});
