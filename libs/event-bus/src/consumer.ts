import type { BatchControl, BusSubscription, DeliveredMessage } from './bus';
import type { ConsumerOptions } from './consumer-options';
import { consume, LastingFault } from './consumer-transaction';
import { type Incoming, messageReader, reasonOf } from './handlers';
import { retry } from './retry';

/** Share a transaction when all goes well. */
const MESSAGES_PER_TRANSACTION = 250;
const LAG_EVERY_MS = 5_000;

/**
 * Handles the events of the contracts in the order of each key, each exactly once with respect to the rows that its
 * handler writes. Passing faults are waited out. A lasting fault parks its key: that message and the later ones of the
 * key are set aside, in order, and the others flow on. Ends when the signal aborts.
 */
export async function runConsumer<Tx>(options: ConsumerOptions<Tx>): Promise<void> {
  const { bus, group, handled, clock, signal, observe } = options;
  const topics = [...new Set(handled.map(({ contract }) => contract.topic))];
  if (topics.length === 0) return;
  const read = messageReader(handled);
  const handle = (messages: readonly DeliveredMessage[], control: BatchControl) =>
    handleBatch(messages.map(read), control, options);
  const joined = await retry(() => bus.subscribe({ group, topics, handle }), { clock, signal, observe });
  if (!joined.done) return;
  const subscription = joined.result;
  if (observe) void reportLag(subscription, options);
  await aborted(signal);
  await subscription.stop();
}

async function handleBatch<Tx>(
  batch: readonly Incoming<Tx>[],
  control: BatchControl,
  options: ConsumerOptions<Tx>,
): Promise<void> {
  const signal = AbortSignal.any([options.signal, control.signal]);
  let at = 0;
  while (at < batch.length && !signal.aborted) {
    const taken = await handleSome(batch.slice(at, at + MESSAGES_PER_TRANSACTION), signal, control, options);
    at += taken;
    const last = batch[at - 1];
    if (taken > 0 && last !== undefined) control.markHandled(last.message);
    await control.heartbeat();
  }
}

/** Handles the first messages of the chunk, as many as it says. 0 when the signal aborted. */
async function handleSome<Tx>(
  chunk: readonly Incoming<Tx>[],
  signal: AbortSignal,
  control: BatchControl,
  options: ConsumerOptions<Tx>,
): Promise<number> {
  const { clock, observe } = options;
  try {
    const consumed = await retry(() => consume(chunk, options), {
      clock,
      signal,
      observe,
      isPassing: (error) => !(error instanceof LastingFault),
      beforeNext: () => control.heartbeat(),
    });
    return consumed.done ? consumed.result : 0;
  } catch (fault) {
    if (!(fault instanceof LastingFault)) throw fault;
    const [first] = chunk;
    // Alone in a fresh transaction there is no doubt whose fault it is; else those before it are handled without it.
    const before = fault.at ?? Math.floor(chunk.length / 2);
    if (first === undefined || before > 0) return handleSome(chunk.slice(0, before), signal, control, options);
    const { message } = first;
    const parked: Incoming<Tx> = { kind: 'faulty', message, reason: reasonOf(fault.cause), error: fault.cause };
    return handleSome([parked], signal, control, options);
  }
}

async function reportLag<Tx>(
  subscription: BusSubscription,
  { clock, signal, observe }: ConsumerOptions<Tx>,
): Promise<void> {
  while (!signal.aborted) {
    const lag = await subscription.lag().catch(() => undefined);
    if (lag !== undefined) observe?.({ kind: 'lag', lag });
    await clock.sleep(LAG_EVERY_MS, signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
