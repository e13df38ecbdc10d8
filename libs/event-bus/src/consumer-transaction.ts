import type { ConsumerOptions } from './consumer-options';
import type { Incoming } from './handlers';
import { isPassingFault } from './passing-faults';

/** A handler failed, or what it wrote cannot be committed, and trying again will not help. */
export class LastingFault extends Error {
  override readonly name = 'LastingFault';

  constructor(
    /** The place of the message in its chunk; `undefined` when it could be any of them. */
    readonly at: number | undefined,
    override readonly cause: unknown,
  ) {
    super('A handler failed for good.');
  }
}

/** Slow handlers share a transaction for no longer than this, so that the group hears from its member in time. */
const TRANSACTION_MS = 2_000;

/**
 * Handles messages of one topic in one transaction: what their handlers write, what is parked, and the inbox.
 * Says how many of them it covers, at least one.
 * @throws LastingFault when a handler is to blame; anything else may be tried again.
 */
export async function consume<Tx>(chunk: readonly Incoming<Tx>[], options: ConsumerOptions<Tx>): Promise<number> {
  const { group, rows, inbox, parking, clock, isPassing = isPassingFault, observe } = options;
  const asked = chunk.filter(({ kind }) => kind !== 'unasked');
  const topic = chunk[0]?.message.topic ?? '';
  const startedAt = clock.now();
  const counts = { handled: 0, seenBefore: 0, parked: 0 };
  let at = 0;
  let handlerRuns = false;

  const work = async (tx: Tx): Promise<void> => {
    const keys = [...new Set(asked.map(({ message }) => message.key))].sort();
    const revisions = new Map(await inbox.claim(tx, group, topic, keys));
    const parkedKeys = new Set(await parking.parkedAmong(tx, group, topic, keys));
    const advanced = new Map<string, bigint>();
    for (; at < chunk.length; at += 1) {
      if (counts.handled > 0 && clock.now().getTime() - startedAt.getTime() > TRANSACTION_MS) break;
      const incoming = chunk[at];
      if (incoming === undefined || incoming.kind === 'unasked') continue;
      const { message } = incoming;
      if (incoming.kind === 'event' && incoming.event.streamRevision <= (revisions.get(message.key) ?? -1n)) {
        counts.seenBefore += 1;
      } else if (incoming.kind === 'faulty' || parkedKeys.has(message.key)) {
        await parking.park(tx, group, message, incoming.kind === 'faulty' ? incoming.reason : WAITS, startedAt);
        parkedKeys.add(message.key);
        counts.parked += 1;
      } else {
        counts.handled += 1;
        handlerRuns = true;
        await incoming.handle(incoming.event, { tx, message });
        handlerRuns = false;
        revisions.set(message.key, incoming.event.streamRevision);
        advanced.set(message.key, incoming.event.streamRevision);
      }
    }
    await inbox.advance(tx, group, topic, advanced);
  };

  try {
    if (asked.length > 0) await rows.transaction(work);
    else at = chunk.length;
  } catch (error) {
    if (counts.handled === 0 || isPassing(error)) throw error;
    throw new LastingFault(handlerRuns ? at : undefined, error);
  }
  if (observe) report(chunk.slice(0, at));
  return at;

  function report(covered: readonly Incoming<Tx>[]): void {
    for (const incoming of covered) if (incoming.kind === 'faulty') observe?.({ ...incoming, kind: 'parked' });
    observe?.({ kind: 'consumed', topic, ...counts, unasked: covered.filter(({ kind }) => kind === 'unasked').length });
  }
}

/** The reason of those that are parked for an earlier message's sake. */
const WAITS = 'Waits for an earlier message of its key.';
