import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { collect, numbered, numbersOf } from './conformance-server';
import { buildServer, type BuiltServer, type ServerProcess } from './server-process';

let server: BuiltServer;
let folder: string;
beforeAll(async () => {
  server = buildServer();
  folder = await mkdtemp(join(tmpdir(), 'event store crash '));
});
afterAll(async () => {
  server.remove();
  await rm(folder, { recursive: true });
});

let folders = 0;
const newDataDir = (): string => join(folder, `data ${++folders}`);

/** Appends to a stream of its own until the server is gone; tells after each append how many events are acknowledged. */
async function write(client: EventStoreDBClient, stream: string, tell: (count: number) => void): Promise<void> {
  for (let count = 0; ; count += 2) {
    const expectedRevision = count === 0 ? NO_STREAM : BigInt(count - 1);
    try {
      await client.appendToStream(stream, numbered(2, count), { expectedRevision });
    } catch {
      return;
    }
    tell(count + 2);
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

async function withClient<Result>(
  store: ServerProcess,
  work: (client: EventStoreDBClient) => Promise<Result>,
): Promise<Result> {
  const client = EventStoreDBClient.connectionString(store.connectionString);
  try {
    return await work(client);
  } finally {
    await client.dispose();
  }
}

describe('a server killed in the middle of concurrent appends', () => {
  it('has after its restart every acknowledged event once, in order, and no half of an append', async () => {
    const dataDir = newDataDir();
    const acknowledged = new Map<string, number>();
    for (const round of upTo(3)) {
      const store = await server.start(dataDir);
      await withClient(store, async (client) => {
        let left = 40 + Math.floor(Math.random() * 100);
        let reached: () => void;
        const enough = new Promise<void>((resolve) => (reached = resolve));
        const writing = upTo(16).map((writer) => {
          const stream = `round-${round}-${writer}`;
          return write(client, stream, (count) => {
            acknowledged.set(stream, count);
            if (--left === 0) reached();
          });
        });
        await enough;
        await sleep(Math.random() * 10);
        await store.end('SIGKILL');
        await Promise.all(writing);
      });
      if (round === 1) await appendFile(join(dataDir, 'events.log'), Buffer.alloc(1 + Math.random() * 5_000, 0xa5));
    }
    expect(acknowledged.size).toBe(48);
    const store = await server.start(dataDir);
    await withClient(store, async (client) => {
      for (const [stream, count] of acknowledged) {
        const numbers = await numbersOf(client.readStream(stream));
        // The append that was under way may have become durable; it is there as a whole or not at all.
        expect([count, count + 2]).toContain(numbers.length);
        expect(numbers).toEqual(upTo(numbers.length));
      }
      const ids = (await collect(client.readAll({ fromPosition: START }))).map(({ event }) => event?.id);
      expect(new Set(ids).size).toBe(ids.length);
    });
    expect(await store.end('SIGTERM')).toBe(0);
  });
});

describe('a restarted server', () => {
  it('cuts garbage at the end of its file with a warning and goes on', async () => {
    const dataDir = newDataDir();
    const first = await server.start(dataDir);
    await withClient(first, (client) => client.appendToStream('s', numbered(3)));
    await first.end('SIGKILL');
    const { size } = await stat(join(dataDir, 'events.log'));
    await appendFile(join(dataDir, 'events.log'), 'half an append');
    const second = await server.start(dataDir);
    expect(second.stderr()).toContain(`14 bytes of an unfinished write were cut at byte ${size}`);
    await withClient(second, async (client) => {
      await client.appendToStream('s', numbered(1, 3), { expectedRevision: 2n });
      expect(await numbersOf(client.readStream('s'))).toEqual([0, 1, 2, 3]);
    });
    await second.end('SIGTERM');
  });

  it('still knows deletions, tombstones, metadata, positions and repeated appends', async () => {
    const dataDir = newDataDir();
    const first = await server.start(dataDir);
    const events = numbered(2);
    const before = await withClient(first, async (client) => {
      await client.appendToStream('deleted', numbered(2));
      await client.deleteStream('deleted');
      await client.appendToStream('gone', numbered(2));
      await client.tombstoneStream('gone');
      await client.appendToStream('short', numbered(5));
      await client.setStreamMetadata('short', { maxCount: 2 });
      await client.appendToStream('repeated', events, { expectedRevision: NO_STREAM });
      await client.appendToStream('repeated', numbered(1, 2), { expectedRevision: 1n });
      return collect(client.readAll());
    });
    await first.end('SIGTERM');
    const second = await server.start(dataDir);
    await withClient(second, async (client) => {
      expect(await collect(client.readAll())).toEqual(before);
      await expect(collect(client.readStream('deleted'))).rejects.toMatchObject({ type: 'stream-not-found' });
      await expect(collect(client.readStream('gone'))).rejects.toMatchObject({ type: 'stream-deleted' });
      expect(await numbersOf(client.readStream('short'))).toEqual([3, 4]);
      const again = await client.appendToStream('repeated', events, { expectedRevision: NO_STREAM });
      expect(again.nextExpectedRevision).toBe(1n);
      const onDeleted = await client.appendToStream('deleted', jsonEvent({ type: 'Numbered', data: { number: 2 } }));
      expect(onDeleted.nextExpectedRevision).toBe(2n);
    });
    await second.end('SIGTERM');
  });

  it('does not start on a folder that another serves, and says so', async () => {
    const dataDir = newDataDir();
    const first = await server.start(dataDir);
    await expect(server.start(dataDir)).rejects.toThrow('in use by another process');
    await first.end('SIGKILL');
    const second = await server.start(dataDir);
    await second.end('SIGTERM');
  });
});

describe('a server whose disk is full', () => {
  it('refuses appends with the reason, keeps what it acknowledged, and serves reads', async () => {
    const dataDir = newDataDir();
    // A limit of the file's size stands for a full disk: the write fails half-way in the same manner.
    const store = await server.start(dataDir, 'ulimit -S -f 400');
    const body = jsonEvent({ type: 'Large', data: { number: 0, text: 'x'.repeat(20_000) } });
    let acknowledged = 0;
    await withClient(store, async (client) => {
      const attempt = async (): Promise<void> => {
        for (;;) {
          await client.appendToStream('s', { ...body, id: crypto.randomUUID() });
          acknowledged++;
        }
      };
      const failures = await Promise.allSettled([attempt(), attempt(), attempt(), attempt()]);
      for (const failure of failures)
        expect(failure).toMatchObject({ reason: { message: expect.stringContaining('cannot be written') } });
      // Those were refused together; alone, one of them may still have fitted.
      await expect(attempt()).rejects.toThrow('cannot be written');
      await expect(client.appendToStream('s', body)).rejects.toThrow('cannot be written');
      expect(await collect(client.readStream('s'))).toHaveLength(acknowledged);
      // Little things still fit: nothing stays refused longer than the space is missing.
      await client.appendToStream('small', numbered(1));
    });
    await store.end('SIGKILL');
    expect(acknowledged).toBeGreaterThan(5);
    const again = await server.start(dataDir);
    expect(again.stderr()).toBe('');
    await withClient(again, async (client) => {
      expect(await collect(client.readStream('s'))).toHaveLength(acknowledged);
      await client.appendToStream('s', body, { expectedRevision: BigInt(acknowledged - 1) });
    });
    await again.end('SIGTERM');
  });
});
