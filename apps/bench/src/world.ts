import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@alliance/embedded';
import { startEventStoreProcess } from '@alliance/journeys';
import { migrate } from '@alliance/read-models';
import { registry } from '@alliance/registry';
import { eventBusMigrations } from '@alliance/event-bus';
import { readModelMigrations } from '@alliance/read-models';

/** Lends a folder that is gone afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'alliance-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lends the connection string of an event store that runs as a process of its own, as in production. */
export function withEventStore<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const eventStore = await startEventStoreProcess(folder);
    try {
      return await work(eventStore.url);
    } finally {
      await eventStore.stop();
    }
  });
}

/** Lends URLs of new, migrated registry databases on a Postgres that keeps what it has committed. */
export function withPostgres<Result>(work: (newDatabase: () => Promise<string>) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const postgres = await startEmbeddedPostgres({ dataDir: folder });
    let made = 0;
    try {
      return await work(async () => {
        made += 1;
        await postgres.createDatabase(`bench_${made}`);
        const url = postgres.url(`bench_${made}`);
        await migrate({ url, migrations: [...readModelMigrations, ...eventBusMigrations, ...registry.migrations] });
        return url;
      });
    } finally {
      await postgres.stop();
    }
  });
}
