import { formatPosition, type LogPosition, type Rows } from '@alliance/event-sourcing';
import type { DataSource, EntityManager } from 'typeorm';

/**
 * A commit with a checkpoint need not wait for the disk: rows and checkpoint are lost together, if at all, and made
 * again from the log. Within the statement, so that it costs no round trip.
 */
const RETURNING_AT_EASE = "RETURNING set_config('synchronous_commit', 'off', true)";

/** Another process has moved this follower's checkpoint: what was about to be written is already there. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';

  constructor(follower: string, expected: LogPosition | undefined) {
    const from = expected ? formatPosition(expected) : 'the beginning';
    super(`The checkpoint of "${follower}" is not at ${from} any more: another process does the same work.`);
  }
}

/**
 * Rows and checkpoints in one Postgres database (table `checkpoint`, see `readModelMigrations`). The work of a
 * transaction runs once: one that lost to another (deadlock) rejects, and its caller begins anew.
 */
export class PostgresRows implements Rows<EntityManager> {
  constructor(
    private readonly database: DataSource,
    /** Where tables are looked for, in place of the connection's usual schemas. */
    private readonly schema?: string,
  ) {}

  transaction<Result>(work: (tx: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      if (this.schema !== undefined) await tx.query(`SET LOCAL search_path TO "${this.schema}"`);
      const result = await work(tx);
      // When the work has swallowed the failure of a statement, a commit would silently be a rollback; this rejects.
      await tx.query('SELECT');
      return result;
    });
  }

  async loadCheckpoint(follower: string): Promise<LogPosition | undefined> {
    const load = (tx: EntityManager) => loadCheckpoint(tx, follower);
    return this.schema === undefined ? load(this.database.manager) : this.transaction(load);
  }

  async saveCheckpoint(
    tx: EntityManager,
    follower: string,
    position: LogPosition,
    expected?: { readonly at: LogPosition | undefined },
  ): Promise<void> {
    const parameters = [follower, String(position.commit), String(position.prepare)];
    const insert = 'INSERT INTO checkpoint (follower, commit, prepare) VALUES ($1, $2, $3) ON CONFLICT (follower)';
    const update = 'UPDATE SET commit = excluded.commit, prepare = excluded.prepare, updated_at = now()';
    if (expected === undefined) {
      await tx.query(`${insert} DO ${update} ${RETURNING_AT_EASE}`, parameters);
      return;
    }
    const saved: unknown[] =
      expected.at === undefined
        ? await tx.query(`${insert} DO NOTHING ${RETURNING_AT_EASE}`, parameters)
        : (
            await tx.query<[unknown[], number]>(
              'UPDATE checkpoint SET commit = $2, prepare = $3, updated_at = now() ' +
                `WHERE follower = $1 AND commit = $4 AND prepare = $5 ${RETURNING_AT_EASE}`,
              [...parameters, String(expected.at.commit), String(expected.at.prepare)],
            )
          )[0];
    if (saved.length === 0) throw new CheckpointMoved(follower, expected.at);
  }
}

/** The saved position of a follower, in this transaction. */
async function loadCheckpoint(tx: EntityManager, follower: string): Promise<LogPosition | undefined> {
  const [row] = await tx.query<{ commit: string; prepare: string }[]>(
    'SELECT commit, prepare FROM checkpoint WHERE follower = $1',
    [follower],
  );
  return row && { commit: BigInt(row.commit), prepare: BigInt(row.prepare) };
}
