import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from './errors';

/** What is needed of a `Readable` of objects (the client brings its own, older types of it). */
interface ObjectStream {
  read(): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  destroy(): unknown;
}

/**
 * What a stream of objects holds ready, again and again, at most `maxSize` at a time, until it ends or the signal
 * aborts. Only what the loop body has asked for is taken, so a slow body slows the sender. Leaving the loop cancels the
 * call: the client's own iterator would leave it running.
 *
 * Throws the stream's error, after what came before it; and `StoreUnavailable` when it is silent for `idleMs` while the
 * loop waits.
 */
export async function* batchesOf<Item>(
  stream: ObjectStream,
  cancel: () => Promise<void>,
  options: { readonly maxSize: number; readonly idleMs?: number; readonly signal?: AbortSignal },
): AsyncGenerator<Item[], void> {
  const { maxSize, idleMs, signal } = options;
  let over = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const onChange = () => wake?.();
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
  stream.on('readable', onChange);
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
          if (!wake) return;
          failure ??= new StoreUnavailable(`Nothing came for ${idleMs} ms.`);
          wake();
        }, idleMs);
  try {
    while (!signal?.aborted) {
      const items = takeUpTo<Item>(maxSize, stream);
      if (items.length > 0) yield items;
      else if (failure) throw failure;
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

function takeUpTo<Item>(maxSize: number, stream: ObjectStream): Item[] {
  const items: Item[] = [];
  while (items.length < maxSize) {
    const item = stream.read();
    if (item === null) break;
    items.push(item as Item);
  }
  return items;
}
