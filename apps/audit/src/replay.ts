import { type EventCatalogue, formatPosition, type RecordedEvent } from '@alliance/event-sourcing';
import type { EventStore } from '@alliance/event-store';

const BATCH = 1000;
const SHOW_EVERY_MS = 250;

/**
 * All events of these catalogues that are in the log at present, in its order, in batches. Throws `StoreUnavailable`
 * when the connection breaks, and `EventUnreadable`.
 */
export async function* replay(
  store: EventStore,
  catalogues: readonly EventCatalogue[],
  showProgress: (line: string) => void = () => undefined,
): AsyncGenerator<readonly RecordedEvent[], void> {
  const stop = new AbortController();
  let broken: Error | undefined;
  const interrupted = (error: Error) => {
    broken = error;
    stop.abort();
  };
  const batches = store.log(catalogues, { interrupted }).follow({
    streamPrefixes: catalogues.map(({ category }) => category.prefix),
    after: undefined,
    maxBatchSize: BATCH,
    signal: stop.signal,
  });
  let read = 0;
  let shownAt = Date.now();
  for await (const { events, position, caughtUp } of batches) {
    yield events;
    read += events.length;
    if (Date.now() - shownAt >= SHOW_EVERY_MS) {
      shownAt = Date.now();
      showProgress(`${read} events read, up to ${formatPosition(position)}`);
    }
    if (caughtUp) break;
  }
  showProgress('');
  if (broken !== undefined) throw broken;
}
