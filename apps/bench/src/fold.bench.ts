import { fold } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { organisation } from '@alliance/registry';
import { abandon, bareClient } from './bare-client';
import { fillLog, type OrganisationEvent } from './filled-log';
import { type Benchmark, compare, type Side, timed } from './measure';
import { withEventStore } from './world';

const EVENTS = 200_000;

export const foldBenchmark: Benchmark = {
  name: 'fold',
  measure: `read and fold ${EVENTS} events with validation, against a bare readAll`,
  unit: '×',
  better: 'higher',
  bar: 0.8,
  aim: 0.95,
  run: (progress) =>
    withEventStore(async (url) => {
      progress(`writing ${EVENTS} events`);
      await fillLog(url, EVENTS);
      return compare({ ours: () => readAndFold(url), bare: () => readBare(url), rounds: 5 }, progress);
    }),
};

const readAndFold = async (url: string): ReturnType<Side> => {
  const store = EventStore.connect({ connectionString: url });
  const states = new Map<string, typeof organisation.decider.initialState>();
  let units = 0;
  const seconds = await timed(async () => {
    const batches = store.log([organisation.catalogue]).follow({
      streamPrefixes: [organisation.catalogue.category.prefix],
      after: undefined,
      maxBatchSize: 1000,
      signal: new AbortController().signal,
    });
    for await (const { events, caughtUp } of batches) {
      for (const event of events) {
        const before = states.get(event.streamName) ?? organisation.decider.initialState;
        states.set(
          event.streamName,
          fold(organisation.decider.evolve, before, [event as unknown as OrganisationEvent]),
        );
      }
      units += events.length;
      if (caughtUp) break;
    }
  });
  await store.close();
  if (units !== EVENTS) throw new Error(`The log gave ${units} events instead of ${EVENTS}.`);
  return { seconds, units };
};

const readBare = async (url: string): ReturnType<Side> => {
  const client = bareClient(url);
  let units = 0;
  const seconds = await timed(async () => {
    for await (const { event } of client.readAll()) if (event?.streamId.startsWith('registry.')) units += 1;
  });
  abandon(client);
  if (units !== EVENTS) throw new Error(`The bare client read ${units} events instead of ${EVENTS}.`);
  return { seconds, units };
};
