import type { Publication } from '@alliance/contracts';
import {
  type Clock,
  type EventCatalogue,
  type EventLog,
  type LogBatch,
  type LogPosition,
  type RecordedEvent,
  type Rows,
} from '@alliance/event-sourcing';
import type { Bus, BusMessage } from './bus';
import { encodeCloudEvent } from './cloud-events';
import { checkData } from './contract-check';
import type { Lease } from './lease';
import { Pile } from './pile';
import { retry, type RetryReport } from './retry';

/** What the relay needs to know of a slice: its streams, and the publication of each private event, or nothing. */
export interface RelayedSlice {
  readonly catalogue: Pick<EventCatalogue, 'category'>;
  /** Pure. */
  publish(event: RecordedEvent): Publication | undefined;
}

/** What the relay tells about itself, for metrics, logs and readiness. */
export type RelayReport =
  /** Another process publishes; this one waits to take over. */
  | { readonly kind: 'standby' }
  | { readonly kind: 'publishing' }
  /** So many messages more are on the bus, and the log is covered up to this position. */
  | {
      readonly kind: 'published';
      readonly messages: number;
      readonly position: LogPosition;
      readonly caughtUp: boolean;
    }
  /** Bus or database do not answer; it goes on trying and has skipped nothing. */
  | RetryReport
  /** A slice made data that breaks its contract: nothing more is published until the slice is mended. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface RelayOptions<Tx> {
  /** Also the name of its checkpoint, which is `relay` followed by it. */
  readonly service: string;
  readonly slices: readonly RelayedSlice[];
  readonly log: EventLog;
  readonly bus: Pick<Bus, 'publish'>;
  readonly rows: Rows<Tx>;
  readonly lease: Lease;
  readonly clock: Clock;
  /** Ends the relay, after what is under way. */
  readonly signal: AbortSignal;
  readonly observe?: (report: RelayReport) => void;
}

/** Sent together, or a little more: fills a request of the broker, and is repeated without regret. */
const MESSAGES_AT_A_TIME = 1000;
/** Smaller, so that encoding begins early and overlaps with sending. */
const EVENTS_AT_A_TIME = 500;

type Outgoing = Pile<BusMessage, Pick<LogBatch, 'position' | 'caughtUp'>>;

/**
 * Publishes what the service's log says, at least once, in the order of the log for each key. The checkpoint follows
 * the confirmation of the bus, never the other way round. Ends when the signal aborts.
 * @throws ContractViolation when a slice publishes what its contract forbids; that is a bug, and skipping it would hide it.
 */
export async function runRelay<Tx>(options: RelayOptions<Tx>): Promise<void> {
  const { lease, signal, observe } = options;
  try {
    while (!signal.aborted) {
      observe?.({ kind: 'standby' });
      const held = await lease.acquire(signal);
      if (held === undefined) return;
      try {
        observe?.({ kind: 'publishing' });
        await relayUntil(AbortSignal.any([signal, held.lost]), options);
      } finally {
        await held.release();
      }
    }
  } catch (error) {
    observe?.({ kind: 'failed', error });
    throw error;
  }
}

async function relayUntil<Tx>(signal: AbortSignal, options: RelayOptions<Tx>): Promise<void> {
  const { service, rows, bus, observe } = options;
  const follower = `relay ${service}`;
  const again = { clock: options.clock, signal, observe };
  const checkpoint = await retry(() => rows.loadCheckpoint(follower), again);
  if (!checkpoint.done) return;

  // While one pile is under way to the bus, the next is read from the log and encoded.
  const pile: Outgoing = new Pile(MESSAGES_AT_A_TIME);
  const encoding = encodeInto(pile, checkpoint.result, signal, options).finally(() => pile.end());
  // Its failure is told at the end: what stands before it in the log is still to be published.
  encoding.catch(() => undefined);
  let saving: Promise<unknown> = Promise.resolve();
  for (let next = await pile.take(); next !== undefined && !signal.aborted; next = await pile.take()) {
    const { items: messages, mark } = next;
    if (messages.length > 0 && !(await retry(() => bus.publish(messages), again)).done) break;
    observe?.({ kind: 'published', messages: messages.length, ...mark });
    await saving;
    saving = retry(() => rows.transaction((tx) => rows.saveCheckpoint(tx, follower, mark.position)), again);
  }
  pile.end();
  await saving;
  await encoding;
}

/** Follows the log and piles up what is to be published, until the signal aborts. */
async function encodeInto<Tx>(
  pile: Outgoing,
  after: LogPosition | undefined,
  signal: AbortSignal,
  { log, slices }: RelayOptions<Tx>,
): Promise<void> {
  // The longest prefix first: `fund.grant-` begins the streams of `fund.grant-report-` too.
  const byPrefix = [...slices].sort((a, b) => b.catalogue.category.prefix.length - a.catalogue.category.prefix.length);
  const streamPrefixes = byPrefix.map((slice) => slice.catalogue.category.prefix);
  for await (const batch of log.follow({ streamPrefixes, after, maxBatchSize: EVENTS_AT_A_TIME, signal })) {
    const messages: BusMessage[] = [];
    for (const event of batch.events) {
      const slice = byPrefix.find(({ catalogue }) => event.streamName.startsWith(catalogue.category.prefix));
      const message = slice && messageOf(event, slice);
      if (message !== undefined) messages.push(message);
    }
    await pile.put(messages, { position: batch.position, caughtUp: batch.caughtUp });
  }
}

function messageOf(event: RecordedEvent, slice: RelayedSlice): BusMessage | undefined {
  const publication = slice.publish(event);
  if (publication === undefined) return undefined;
  const { contract, data } = publication;
  checkData(contract, contract.schema, data);
  return encodeCloudEvent(contract.topic, {
    id: event.metadata.eventId,
    source: `/${slice.catalogue.category.service}`,
    type: contract.type,
    subject: event.streamName,
    time: event.metadata.occurredAt,
    streamRevision: event.revision,
    logPosition: event.position,
    correlationId: event.metadata.correlationId,
    traceparent: event.metadata.traceparent,
    data,
  });
}
