import type { Clock, Rows } from '@alliance/event-sourcing';
import type { Bus, DeliveredMessage } from './bus';
import type { HandledContract } from './handlers';
import type { Inbox } from './inbox';
import type { Parking } from './parking';
import type { RetryReport } from './retry';

/** What a consumer tells about itself, for metrics and logs. */
export type ConsumerReport =
  /** One transaction has been committed. */
  | {
      readonly kind: 'consumed';
      readonly topic: string;
      readonly handled: number;
      /** Came again, and was ignored. */
      readonly seenBefore: number;
      readonly parked: number;
      /** No handler asked for their type. */
      readonly unasked: number;
    }
  /** A key is set aside because of this message. */
  | { readonly kind: 'parked'; readonly message: DeliveredMessage; readonly reason: string; readonly error?: unknown }
  | RetryReport
  /** Messages not yet handled, by topic. */
  | { readonly kind: 'lag'; readonly lag: ReadonlyMap<string, bigint> };

export interface ConsumerOptions<Tx> {
  readonly group: string;
  readonly handled: readonly HandledContract<Tx>[];
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly rows: Pick<Rows<Tx>, 'transaction'>;
  readonly inbox: Inbox<Tx>;
  readonly parking: Parking<Tx>;
  readonly clock: Clock;
  /** Ends the consumer, after what is under way. */
  readonly signal: AbortSignal;
  /** Whether the same work is worth trying again; by default `isPassingFault`. */
  readonly isPassing?: (error: unknown) => boolean;
  readonly observe?: (report: ConsumerReport) => void;
}
