import { topics } from '@alliance/contracts';
import { startKafka } from '@alliance/embedded';
import { type BusMessage, ensureTopics, KafkaBus, type Lease, runRelay } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { connectDatabase, PostgresRows } from '@alliance/read-models';
import { registry } from '@alliance/registry';
import { BareProducer } from './bare-producer';
import { fillLog } from './filled-log';
import { type Benchmark, compare, type Side, timed } from './measure';
import { withEventStore, withFolder, withPostgres } from './world';

const EVENTS = 100_000;

export const relayBenchmark: Benchmark = {
  name: 'relay',
  measure: `relay ${EVENTS} events of the log to Kafka, against a bare sendBatch of the same messages`,
  unit: '×',
  better: 'higher',
  bar: 0.7,
  aim: 0.9,
  run: (progress) =>
    withEventStore((url) =>
      withKafkaAndPostgres(progress, async (brokers, newDatabase) => {
        progress(`writing ${EVENTS} events`);
        await fillLog(url, EVENTS);
        await ensureTopics({ brokers, replicationFactor: 1 }, topics);
        const messages = await publishedMessages(url, await newDatabase());
        progress(`${messages.length} messages`);
        const producer = new BareProducer(brokers, messages);
        try {
          const ours: Side = async () => relayOurs(url, await newDatabase(), brokers, messages.length);
          return await compare({ ours, bare: producer.send, rounds: 5 }, progress);
        } finally {
          await producer.stop();
        }
      }),
    ),
};

async function withKafkaAndPostgres<Result>(
  progress: (line: string) => void,
  work: (brokers: readonly string[], newDatabase: () => Promise<string>) => Promise<Result>,
): Promise<Result> {
  return withFolder((dataDir) =>
    withPostgres(async (newDatabase) => {
      const kafka = await startKafka({ dataDir, log: progress });
      try {
        return await work(kafka.brokers, newDatabase);
      } finally {
        await kafka.stop();
      }
    }),
  );
}

const relayOurs = async (
  url: string,
  databaseUrl: string,
  brokers: readonly string[],
  expected: number,
): ReturnType<Side> => {
  const bus = KafkaBus.connect({ brokers, clientId: 'bench' });
  await bus.check();
  let units = 0;
  const seconds = await timed(() => relay(url, databaseUrl, bus, (messages) => (units += messages)));
  await bus.close();
  if (units !== expected) throw new Error(`The relay published ${units} messages instead of ${expected}.`);
  return { seconds, units };
};

/** What the relay publishes for the log, caught on a bus that only listens. */
async function publishedMessages(url: string, databaseUrl: string): Promise<readonly BusMessage[]> {
  const messages: BusMessage[] = [];
  const listen = (published: readonly BusMessage[]) => {
    messages.push(...published);
    return Promise.resolve();
  };
  await relay(url, databaseUrl, { publish: listen }, () => undefined);
  return messages;
}

async function relay(
  url: string,
  databaseUrl: string,
  bus: Pick<KafkaBus, 'publish'>,
  published: (messages: number) => void,
): Promise<void> {
  const store = EventStore.connect({ connectionString: url });
  const database = await connectDatabase({ url: databaseUrl, entities: [] });
  const done = new AbortController();
  await runRelay({
    service: 'registry',
    slices: registry.publishers,
    log: store.log(registry.publishers.map(({ catalogue }) => catalogue)),
    bus,
    rows: new PostgresRows(database),
    lease: alone,
    clock: systemClock,
    signal: done.signal,
    observe(report) {
      if (report.kind === 'failed') throw report.error;
      if (report.kind !== 'published') return;
      published(report.messages);
      if (report.caughtUp) done.abort();
    },
  });
  await Promise.all([store.close(), database.destroy()]);
}

const alone: Lease = {
  acquire: () => Promise.resolve({ lost: new AbortController().signal, release: () => Promise.resolve() }),
};
