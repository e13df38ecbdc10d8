import type { DataSource } from 'typeorm';

/** Ends the sessions that hold a lease in this database. Those of other databases on the server belong to specifications beside it. */
export async function cutOffLeases(database: DataSource): Promise<void> {
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE locktype = 'advisory' AND datname = current_database()`,
  );
}
