import type { EventStore } from '@alliance/event-store';
import type { Terminal } from './terminal';

/** A command of the tool. */
export interface AuditCommand {
  /** What is typed after the tool's name. */
  readonly usage: string;
  /** Reads its arguments before the log is asked; throws a `Fault` on what is not understood. */
  prepare(args: readonly string[]): (store: EventStore, terminal: Terminal) => Promise<0 | 1>;
}
