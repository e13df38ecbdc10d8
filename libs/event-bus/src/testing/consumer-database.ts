import { createTestDatabase } from '@alliance/embedded';
import { systemClock } from '@alliance/event-sourcing';
import { connectDatabase, migrate, PostgresRows, readModelMigrations } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { eventBusMigrations } from '../postgres/inbox-and-parking-migration';
import { postgresInbox } from '../postgres/postgres-inbox';
import { postgresParking } from '../postgres/postgres-parking';

/** A database with the tables of a consumer and a table `happened` for what its handlers write. */
export async function consumerDatabase() {
  const database = await createTestDatabase();
  await migrate({ url: database.url, migrations: [...readModelMigrations, ...eventBusMigrations] });
  const dataSource: DataSource = await connectDatabase({ url: database.url, entities: [] });
  await dataSource.query(
    'CREATE TABLE happened (id bigint GENERATED ALWAYS AS IDENTITY, stream text, what text CHECK (what <> $$poison$$))',
  );
  return {
    url: database.url,
    dataSource,
    access: { rows: new PostgresRows(dataSource), inbox: postgresInbox, parking: postgresParking, clock: systemClock },
    happened: async (stream: string): Promise<string[]> => {
      const rows: { what: string }[] = await dataSource.query(
        'SELECT what FROM happened WHERE stream = $1 ORDER BY id',
        [stream],
      );
      return rows.map(({ what }) => what);
    },
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}

/** Waits until the condition holds; the test's own time limit ends it otherwise. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await systemClock.sleep(5);
}
