import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from './errors';

/** What is needed of a `Readable` of objects (the client brings its own, older types of it). */
interface ObjectStream {
  on(event: string, listener: (item: unknown) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  read(): unknown;
  destroy(): unknown;
}

/**
 * What a stream of objects holds ready, again and again, at most `maxSize` at a time, until it ends or the signal
 * aborts. While the loop body is busy one batch more is taken and no further, so a slow body slows the sender. Leaving
 * the loop cancels the call: the client's own iterator would leave it running.
 *
 * Throws the stream's error, after what came before it; and `StoreUnavailable` when it is silent for `idleMs` while the
 * loop waits; an endless one may be silent once it has begun.
 */
export async function* batchesOf<Item>(
  stream: ObjectStream,
  cancel: () => Promise<void>,
  options: {
    readonly maxSize: number;
    readonly idleMs?: number;
    readonly endless?: boolean;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<Item[], void> {
  const { maxSize, idleMs, endless, signal } = options;
  let ready: Item[] = [];
  let begun = false;
  let over = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const onOver = () => {
    over = true;
    wake?.();
  };
  let answered = false;
  // This listener stays for good: an error after we have left would otherwise end the process.
  stream.on('error', (error) => {
    answered = true;
    failure ??= error instanceof Error ? error : new StoreUnavailable(String(error));
    wake?.();
  });
  // Taken as they come: a stream that is asked for each one keeps only sixteen ready, and they make small batches.
  stream.on('data', (item) => {
    begun = true;
    if (ready.push(item as Item) >= maxSize) stream.pause();
    wake?.();
  });
  stream.on('end', () => {
    answered = true;
    onOver();
  });
  stream.on('close', onOver);
  signal?.addEventListener('abort', onOver);
  const timer =
    idleMs === undefined
      ? undefined
      : setTimeout(() => {
          if (!wake || (endless && begun)) return;
          failure ??= new StoreUnavailable(`Nothing came for ${idleMs} ms.`);
          wake();
        }, idleMs);
  try {
    while (!signal?.aborted) {
      // An error stops the flow, but not what came before it.
      while (ready.length < maxSize && stream.read() !== null);
      if (ready.length > 0) {
        const items = ready;
        ready = [];
        stream.resume();
        yield items;
      } else if (failure) throw failure;
      else if (over) return;
      else {
        timer?.refresh();
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        // What came with the same network packet is turned into objects one by one; after this turn all are there, and
        // make one batch rather than many of one.
        await nextTurn();
      }
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onOver);
    // Only what is under way: a call that has just been answered would be reset too, and servers shut out clients that
    // reset many. Not awaited: it waits for the call to open, which a dead server prevents.
    if (!answered) cancel().catch(() => undefined);
    stream.destroy();
  }
}
