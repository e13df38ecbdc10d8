import {
  type EventLog,
  type LogPosition,
  type RecordedEvent,
  eventCatalogue,
  streamCategory,
} from '@alliance/event-sourcing';
import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { type Migration, readModelMigrations } from './migrations';
import type { Projection } from './projection';

/** What the specifications of this library project: how often each name was counted. */
export const tallies: Projection = {
  name: 'tallies',
  tables: ['tally'],
  catalogues: [eventCatalogue(streamCategory('spec', 'counting'), {})],
  apply: (tx, events) => count(tx, events.map(nameOf)),
};

export function nameOf(event: RecordedEvent): string {
  return event.data as string;
}

/** Adds up, so that an event too many or too few shows. */
export async function count(tx: EntityManager, names: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO tally (name, counted) SELECT name, count(*) FROM unnest($1::text[]) AS name GROUP BY name
     ON CONFLICT (name) DO UPDATE SET counted = tally.counted + excluded.counted`,
    [names],
  );
}

export async function tallied(tx: Pick<EntityManager, 'query'>): Promise<Record<string, number>> {
  const rows = await tx.query<{ name: string; counted: number }[]>('SELECT name, counted FROM tally ORDER BY name');
  return Object.fromEntries(rows.map(({ name, counted }) => [name, counted]));
}

class CreateTally1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tally (
      name text CONSTRAINT tally_key PRIMARY KEY,
      counted int NOT NULL DEFAULT 0 CONSTRAINT tally_positive CHECK (counted > 0),
      id int GENERATED ALWAYS AS IDENTITY,
      length int GENERATED ALWAYS AS (length(name)) STORED
    )`);
    await runner.query('CREATE UNIQUE INDEX tally_lower_name ON tally (lower(name)) WHERE counted > 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tally');
  }
}

export const tallyMigrations: readonly Migration[] = [...readModelMigrations, CreateTally1700000000001];

/** A log in memory; each event is a place of its own. */
export class MemoryLog implements EventLog {
  readonly #events: RecordedEvent[] = [];
  #wake = new AbortController();

  append(...names: readonly string[]): LogPosition {
    for (const data of names) {
      const at = BigInt(this.#events.length + 1);
      this.#events.push({
        streamName: 'spec.counting-1',
        revision: at - 1n,
        position: { commit: at, prepare: at },
        type: 'Counted',
        data,
        metadata: {
          eventId: `event-${at}`,
          commandId: 'spec',
          correlationId: 'spec',
          causationId: 'spec',
          actor: { subject: 'spec', roles: [] },
          occurredAt: '2026-03-01T10:00:00.000Z',
          schemaVersion: 1,
        },
      });
    }
    this.#wake.abort();
    this.#wake = new AbortController();
    return this.end;
  }

  get end(): LogPosition {
    const length = BigInt(this.#events.length);
    return { commit: length, prepare: length };
  }

  async *follow({ after, maxBatchSize, signal }: Parameters<EventLog['follow']>[0]): ReturnType<typeof this.batches> {
    yield* this.batches(Number(after?.commit ?? 0), maxBatchSize, signal);
  }

  private async *batches(from: number, maxBatchSize: number, signal: AbortSignal) {
    let at = from;
    for (let first = true; !signal.aborted; first = false) {
      const events = this.#events.slice(at, at + maxBatchSize);
      at += events.length;
      const position = { commit: BigInt(at), prepare: BigInt(at) };
      const caughtUp = at === this.#events.length;
      if (events.length > 0 || first) yield { events, position, caughtUp };
      if (at === this.#events.length) await aborted(AbortSignal.any([signal, this.#wake.signal]));
    }
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
