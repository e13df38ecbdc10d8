import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, startEmbeddedEventStore } from '@alliance/embedded';
import { migrate } from '@alliance/read-models';
import { registry } from '@alliance/registry';
import { migrationsOf } from '@alliance/service-host';
import { startDetectingRegistry } from './detecting-registry';
import { population } from './population';
import { applyForAll, qualityOf } from './registered';

describe('duplicates, on a generated set of organisations', () => {
  it('are found nearly all, and nearly all that are found are duplicates', async () => {
    const records = population({ seed: 2022, records: 300, duplicates: 30 });
    const dataDir = await mkdtemp(path.join(tmpdir(), 'detection '));
    const eventStore = await startEmbeddedEventStore({ dataDir });
    const database = await createTestDatabase();
    await migrate({ url: database.url, migrations: migrationsOf(registry) });
    const last = await applyForAll(eventStore.connectionString, records);
    const detecting = await startDetectingRegistry(eventStore.connectionString, database.url);
    try {
      await detecting.detected(last);
      const { recall, precision } = qualityOf(records, await detecting.pairs());
      expect(recall).toBeGreaterThanOrEqual(0.9);
      expect(precision).toBeGreaterThanOrEqual(0.9);
    } finally {
      await detecting.stop();
      await eventStore.stop();
      await database.drop();
      await rm(dataDir, { recursive: true });
    }
  });

  it('are the same set for the same seed', () => {
    const options = { seed: 7, records: 200, duplicates: 10 };
    expect(population(options)).toEqual(population(options));
    expect(population({ ...options, seed: 8 })).not.toEqual(population(options));
    expect(population(options).filter(({ duplicateOf }) => duplicateOf !== undefined)).toHaveLength(10);
  });
});
