import { type Clock, comparePositions, type EventLog, type LogPosition } from '@alliance/event-sourcing';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { PostgresRows } from './postgres-rows';
import type { Projection } from './projection';
import { projectFromCheckpoint } from './projector';

export interface RebuildOptions {
  readonly database: DataSource;
  readonly projection: Projection;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Breaks the rebuild off, which throws the signal's reason; the read model in use stays as it is. */
  readonly signal: AbortSignal;
  /** After each batch: the events so far, and the position they reach. */
  readonly onProgress?: (progress: { readonly events: number; readonly position: LogPosition }) => void;
}

/** What a rebuild cannot do, or not now; the read model in use is untouched. */
export class RebuildRefused extends Error {
  override readonly name = 'RebuildRefused';
}

const SWITCH_ATTEMPTS = 20;
/** How long the projector in use may have to wait while the last events are projected. */
const CATCH_UP_WITHIN_MS = 10_000;
/** A switch waits no longer for long queries to end, as new queries wait behind it. Shorter than the search for deadlocks. */
const LOCK_TIMEOUT_MS = 500;
const RETRY_SWITCH_AFTER_MS = 500;

/**
 * Projects all events anew into copies of the projection's tables, beside those in use, and switches when the copies
 * have caught up: tables and checkpoint in one transaction. Queries see all of the old or all of the new; the projector
 * may run the whole time, in any process, and goes on in the new tables. An interrupted rebuild is run again.
 *
 * The tables keep columns, defaults, constraints, indexes with their names, and grants; for foreign keys, triggers, views
 * and `serial` columns, which cannot be copied, it throws `RebuildRefused`, as when the same rebuild runs elsewhere.
 * Resolves to the number of events projected.
 */
export async function rebuildReadModel(options: RebuildOptions): Promise<number> {
  const { database, projection, clock, signal, onProgress } = options;
  const schema = `rebuild_${projection.name.replaceAll('-', '_')}`;
  const rows = new PostgresRows(database, schema);
  let events = 0;
  let position: LogPosition | undefined;

  /** Until nothing newer is known, or the signal aborts. */
  async function catchUp(within: AbortSignal): Promise<'caught up' | 'not yet'> {
    const caughtUp = new AbortController();
    const until = AbortSignal.any([within, caughtUp.signal]);
    await projectFromCheckpoint({ ...options, rows, signal: until }, (report) => {
      events += report.events;
      position = report.position;
      onProgress?.({ events, position });
      if (report.caughtUp) caughtUp.abort();
    });
    return caughtUp.signal.aborted ? 'caught up' : 'not yet';
  }

  const runner = database.createQueryRunner();
  const connection = runner.manager;
  try {
    await lock(connection, schema);
    await prepareCopies(connection, schema, projection);
    await catchUp(signal);
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      await runner.startTransaction();
      try {
        // From here on the projector in use waits at its checkpoint, and so there is an end to catching up.
        const inUse = await lockCheckpoint(connection, projection.name);
        const enough = AbortSignal.any([signal, AbortSignal.timeout(CATCH_UP_WITHIN_MS)]);
        if ((await catchUp(enough)) === 'caught up') {
          // Caught up means that the copies hold all events, also where a last stretch without any was not reported.
          const covered = position && comparePositions(position, inUse) > 0 ? position : inUse;
          await switchTables(connection, schema, projection, covered);
          await runner.commitTransaction();
          return events;
        }
        await runner.rollbackTransaction();
      } catch (error) {
        await runner.rollbackTransaction().catch(() => undefined);
        if (!isLockTimeout(error) || attempt === SWITCH_ATTEMPTS) throw error;
      }
      await clock.sleep(RETRY_SWITCH_AFTER_MS, signal);
    }
  } finally {
    await unlock(connection, schema).catch(() => undefined);
    await runner.release();
  }
}

/** For as long as the connection lives. */
async function lock(connection: EntityManager, schema: string): Promise<void> {
  const [result] = await connection.query<{ locked: boolean }[]>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [schema],
  );
  if (!result?.locked) throw new RebuildRefused('This rebuild is running already.');
}

async function unlock(connection: EntityManager, schema: string): Promise<void> {
  await connection.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [schema]);
}

/** Empty copies in a schema of their own; what an interrupted rebuild has left there goes. */
async function prepareCopies(connection: EntityManager, schema: string, { tables }: Projection): Promise<void> {
  await refuseWhatCannotBeCopied(connection, tables);
  await connection.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await connection.query(`CREATE SCHEMA "${schema}"`);
  await connection.query(`CREATE TABLE "${schema}".checkpoint (LIKE checkpoint INCLUDING ALL)`);
  for (const table of tables) {
    await connection.query(`CREATE TABLE "${schema}"."${table}" (LIKE "${table}" INCLUDING ALL EXCLUDING INDEXES)`);
    // One by one and not by LIKE, as that would give them names of its own, unknown to later migrations.
    const definitions = await connection.query<{ definition: string }[]>(
      `SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', $2::text, $1::text, conname, pg_get_constraintdef(oid))
         AS definition
         FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype IN ('p', 'u', 'x')
       UNION ALL
       SELECT regexp_replace(pg_get_indexdef(indexrelid), ' ON (ONLY )?.*? USING ', format(' ON %I.%I USING ', $2, $1))
         FROM pg_index WHERE indrelid = $1::text::regclass
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
       UNION ALL
       SELECT format('GRANT %s ON %I.%I TO %s', privilege_type, $2, $1,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
         FROM pg_class, aclexplode(relacl) WHERE oid = $1::text::regclass AND grantee <> relowner`,
      [table, schema],
    );
    for (const { definition } of definitions) await connection.query(definition);
  }
}

async function refuseWhatCannotBeCopied(connection: EntityManager, tables: readonly string[]): Promise<void> {
  const faults = await connection.query<{ fault: string }[]>(
    `WITH t AS (SELECT name, name::regclass AS id FROM unnest($1::text[]) AS name)
     SELECT format('%s: foreign key %s', name, conname) AS fault
       FROM t JOIN pg_constraint ON contype = 'f' AND t.id IN (conrelid, confrelid)
     UNION ALL
     SELECT format('%s: trigger %s', name, tgname) FROM t JOIN pg_trigger ON tgrelid = t.id AND NOT tgisinternal
     UNION ALL
     SELECT DISTINCT format('%s: view %s', name, ev_class::regclass)
       FROM t JOIN pg_depend ON refobjid = t.id AND classid = 'pg_rewrite'::regclass
       JOIN pg_rewrite ON pg_rewrite.oid = objid AND ev_class <> t.id
     UNION ALL
     SELECT format('%s: serial column %s', name, attname)
       FROM t JOIN pg_attribute ON attrelid = t.id AND attnum > 0 AND attidentity = '' AND NOT attisdropped
       WHERE pg_get_serial_sequence(quote_ident(name), attname) IS NOT NULL`,
    [tables],
  );
  if (faults.length > 0) {
    throw new RebuildRefused(`These cannot be copied: ${faults.map(({ fault }) => fault).join('; ')}.`);
  }
}

/** Makes the projector in use wait with its next batch; the beginning, if it has never run. */
async function lockCheckpoint(connection: EntityManager, follower: string): Promise<LogPosition> {
  const [row] = await connection.query<{ commit: string; prepare: string }[]>(
    `INSERT INTO checkpoint (follower, commit, prepare) VALUES ($1, 0, 0)
     ON CONFLICT (follower) DO UPDATE SET updated_at = checkpoint.updated_at RETURNING commit, prepare`,
    [follower],
  );
  return { commit: BigInt(row?.commit ?? 0), prepare: BigInt(row?.prepare ?? 0) };
}

async function switchTables(
  connection: EntityManager,
  schema: string,
  { name, tables }: Projection,
  { commit, prepare }: LogPosition,
): Promise<void> {
  const [current] = await connection.query<{ schema: string }[]>('SELECT current_schema() AS schema');
  await connection.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  for (const table of tables) {
    await connection.query(`DROP TABLE "${table}"`);
    await connection.query(`ALTER TABLE "${schema}"."${table}" SET SCHEMA "${current?.schema}"`);
  }
  await connection.query('UPDATE checkpoint SET commit = $2, prepare = $3, updated_at = now() WHERE follower = $1', [
    name,
    String(commit),
    String(prepare),
  ]);
  await connection.query(`DROP SCHEMA "${schema}" CASCADE`);
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '55P03';
}
