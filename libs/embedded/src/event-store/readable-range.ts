import { EventView } from './event-codec';
import type { EventLog } from './event-log';
import type { IndexedStream } from './log-index';

/** The first revision that the stream's metadata lets be read; one past the last when it lets none. */
export async function firstReadable(log: EventLog, { sequence, settings }: IndexedStream): Promise<number> {
  const { truncateBefore = 0, maxCount = Infinity, maxAge } = settings;
  const first = Math.min(sequence.length, Math.max(0, truncateBefore, sequence.length - maxCount));
  return maxAge === undefined ? first : firstCreatedSince(log, sequence, first, Date.now() - maxAge * 1000);
}

async function firstCreatedSince(
  log: EventLog,
  sequence: readonly number[],
  from: number,
  ms: number,
): Promise<number> {
  let low = from;
  let high = sequence.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [event] = await log.readPage(sequence.slice(middle, middle + 1), 0);
    if (event !== undefined && new EventView(event.stored).createdAtMs < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
