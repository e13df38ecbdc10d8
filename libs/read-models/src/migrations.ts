import { systemClock } from '@alliance/event-sourcing';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A class with a name that ends in a timestamp of milliseconds, or with a `name` that does. */
export type Migration = new () => MigrationInterface;

const LOCK_KEY = 6_518_372_015_442;
const LOCK_POLL_MS = 200;
/** A change of a table queues behind its longest reader, and all later readers behind it: better to fail and run again. */
const LOCK_TIMEOUT_MS = 10_000;

/**
 * Brings a database's schema up to date and returns the names of the migrations applied, `[]` when it already was.
 * Each runs in a transaction of its own (unless it sets `transaction = false`); the first that fails ends the run, with
 * the earlier ones done. Of several at once, one works and the others wait.
 */
export async function migrate(options: {
  readonly url: string;
  readonly migrations: readonly Migration[];
}): Promise<string[]> {
  const lock = new Client({ connectionString: options.url });
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    // Asked again and again rather than waited for: a statement that waits would block CREATE INDEX CONCURRENTLY.
    while (!(await tryLock(lock))) await systemClock.sleep(LOCK_POLL_MS);
    const database = new DataSource({
      type: 'postgres',
      url: options.url,
      migrations: [...options.migrations],
      synchronize: false,
      installExtensions: false,
      // Silent; what there is to tell is in the result or the error.
      logger: 'debug',
      extra: { lock_timeout: LOCK_TIMEOUT_MS },
    });
    await database.initialize();
    try {
      const applied = await database.runMigrations({ transaction: 'each' });
      return applied.map(({ name }) => name);
    } finally {
      await database.destroy();
    }
  } finally {
    await lock.end();
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK_KEY]);
  return rows[0]?.locked ?? false;
}

/** The names of those that the database has not seen yet: a service is not ready while there are any. */
export async function pendingMigrations(database: DataSource, migrations: readonly Migration[]): Promise<string[]> {
  const [found] = await database.query<{ table: string | null }[]>(`SELECT to_regclass('migrations') AS table`);
  const applied = found?.table ? await database.query<{ name: string }[]>('SELECT name FROM migrations') : [];
  const done = new Set(applied.map(({ name }) => name));
  return migrations.map((migration) => new migration().name ?? migration.name).filter((name) => !done.has(name));
}

/** How far each follower of the log has come. */
class CreateCheckpoint1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE checkpoint (
      follower text PRIMARY KEY,
      commit numeric(20) NOT NULL,
      prepare numeric(20) NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE checkpoint');
  }
}

/** What this library needs in every service's database; goes before the service's own migrations. */
export const readModelMigrations: readonly Migration[] = [CreateCheckpoint1700000000000];
