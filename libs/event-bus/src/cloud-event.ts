import type { LogPosition } from '@alliance/event-sourcing';

/** A contract event as it is published and consumed: CloudEvents 1.0 with the project's extensions. */
export interface CloudEvent<Data = unknown> {
  /** The id of the private event it was made from. */
  readonly id: string;
  /** `/<service>` */
  readonly source: string;
  /** The contract's type, `<service>.<Event>.v<version>`. */
  readonly type: string;
  /** The name of the stream it was made from, which is also the message key. */
  readonly subject: string;
  /** ISO 8601, UTC: when the private event occurred. */
  readonly time: string;
  readonly streamRevision: bigint;
  readonly logPosition: LogPosition;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly data: Data;
}
