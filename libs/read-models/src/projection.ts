import type { EventCatalogue, RecordedEvent } from '@alliance/event-sourcing';
import type { EntityManager } from 'typeorm';

/**
 * A read model fed from the service's own log: which events it reads and how they become rows.
 * A change of what it makes of old events needs a rebuild (a command), not a migration.
 */
export interface Projection<Tx = EntityManager> {
  /** Kebab-case, unique in its service: the name of its checkpoint and of the rebuild command's argument. */
  readonly name: string;
  /** The tables it alone writes; a rebuild fills copies of them beside and then swaps them in. */
  readonly tables: readonly string[];
  /** The streams it follows; events are upcast to their present schema before `apply` sees them. */
  readonly catalogues: readonly EventCatalogue[];
  /**
   * Writes the rows that follow from the events, all in the given transaction. Batches come in the order of the log,
   * each event exactly once with respect to the committed rows. Names tables without schema (a rebuild redirects them),
   * and reads no others.
   */
  apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void>;
}
