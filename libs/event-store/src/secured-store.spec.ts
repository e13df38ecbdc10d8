import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedEventStore, testCertificate } from '@alliance/embedded';
import { StoreUnavailable } from './errors';
import { EventStore } from './event-store';
import { startTestStore } from './testing/embedded-store';
import { ledgerEvents, ledgerStream, paidIn } from './testing/ledger';

let server: EmbeddedEventStore & { readonly dataDir: string };
let trusting: string;

beforeAll(async () => {
  server = await startTestStore({ ...testCertificate, username: 'alliance', password: 'not so: secret@' });
  const caFile = join(server.dataDir, 'ca.pem');
  await writeFile(caFile, testCertificate.certificate);
  trusting = `${server.connectionString.replace('127.0.0.1', 'localhost')}&tlsCAFile=${encodeURIComponent(caFile)}`;
});

afterAll(() => server.stop());

async function using(connectionString: string, work: (store: EventStore) => Promise<void>): Promise<void> {
  const store = EventStore.connect({ connectionString, deadlineMs: 2_000 });
  await work(store).finally(() => store.close());
}

describe('a store behind TLS that asks for name and password', () => {
  it('takes appends, reads and followers of who has both, and trusts its issuer', async () => {
    await using(trusting, async (store) => {
      const streamName = ledgerStream();
      await store.check();
      const { position } = await store.append(streamName, ledgerEvents, [paidIn(1), paidIn(2)], 'no-stream');
      const read = [];
      for await (const { revision } of store.readStream(streamName, ledgerEvents)) read.push(revision);
      expect(read).toEqual([0n, 1n]);
      const stop = new AbortController();
      const options = { streamPrefixes: [streamName], after: undefined, maxBatchSize: 10, signal: stop.signal };
      for await (const batch of store.log([ledgerEvents]).follow(options)) {
        if (batch.events.at(-1)?.position.commit === position.commit) stop.abort();
      }
      expect(stop.signal.aborted).toBe(true);
    });
  });

  it.each([
    ['a wrong password', () => trusting.replace(/:not[^@]*@/, ':guessed@')],
    ['no name', () => trusting.replace(/\/\/[^@]*@/, '//')],
    ['an issuer that is not trusted', () => trusting.replace(/&tlsCAFile.*/, '')],
  ])('is unavailable to who comes with %s', async (_, connectionString) => {
    await using(connectionString(), async (store) => {
      await expect(store.check()).rejects.toThrow(StoreUnavailable);
      await expect(store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).rejects.toThrow(
        StoreUnavailable,
      );
    });
  });
});
