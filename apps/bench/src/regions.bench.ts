import { existsSync, readFileSync } from 'node:fs';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import { findRegions, readRegionTable, regionImportEvents, registry } from '@alliance/registry';
import { parse } from 'csv-parse/sync';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { type Benchmark, percentile, spreadOf } from './measure';
import { withPostgres } from './world';

/** All regions of Germany as `ags,name,population`, if they lie beside the project. */
const FILE = '../shared/data/regions.csv';
const PAGE = 50;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;
const QUERIES_A_ROUND = 400;

/** A Land or a Kreis, and what the keys of all within it begin with. */
interface Container {
  readonly key: string;
  readonly prefix: string;
}
/** One side: the keys of the first page of what lies within. */
type Search = (container: Container) => Promise<readonly string[]>;

export const regionsBenchmark: Benchmark = {
  name: 'regions',
  measure: `first ${PAGE} regions within a Kreis or a Land, among 11,000, p99, against a bare query by prefix`,
  unit: '×',
  better: 'lower',
  bar: 6,
  aim: 3,
  run: (progress) =>
    withPostgres(async (newDatabase) => {
      const url = await newDatabase();
      const database = await connectDatabase({ url, entities: [...registry.entities] });
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        const given = existsSync(FILE);
        await importRegions(database, given ? readFileSync(FILE, 'utf8') : sampleOfGermany());
        await client.query('VACUUM ANALYZE region');
        const containers = await containersOf(client);
        progress(`${containers.regions} regions, ${given ? `of ${FILE}` : 'made up'}`);
        const ours: Search = async ({ key }) => {
          const page = await findRegions(database.manager, { within: key, order: [], limit: PAGE });
          return page === 'unknown region' ? [] : page.items.map((region) => region.key);
        };
        const bare: Search = async ({ prefix }) => {
          const statement = 'SELECT * FROM region WHERE key LIKE $1 ORDER BY key LIMIT $2';
          const found = await client.query<{ key: string }>(statement, [`${prefix}%`, PAGE]);
          return found.rows.map(({ key }) => key);
        };
        return await alternating({ ours, bare }, containers.all, progress);
      } finally {
        await Promise.all([client.end(), database.destroy()]);
      }
    }),
};

/** The p99 of both sides over the same containers, round by round, the first of each pair changing. */
async function alternating(
  { ours, bare }: { readonly ours: Search; readonly bare: Search },
  containers: readonly Container[],
  progress: (line: string) => void,
) {
  const rounds: { ours: number; bare: number; ratio: number }[] = [];
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    const figures = { ours: [] as number[], bare: [] as number[] };
    for (let query = 0; query < QUERIES_A_ROUND; query += 1) {
      const container = containers[(round + WARM_UP_ROUNDS + query) % containers.length]!;
      const oursFirst = query % 2 === 0;
      const found = oursFirst
        ? [await timedInto(figures.ours, ours, container), await timedInto(figures.bare, bare, container)]
        : [await timedInto(figures.bare, bare, container), await timedInto(figures.ours, ours, container)];
      if (String(found[0]) !== String(found[1])) throw new Error(`Both sides differ within ${container.key}.`);
    }
    if (round < 1) continue;
    const [oursMs, bareMs] = [percentile(figures.ours, 0.99), percentile(figures.bare, 0.99)];
    rounds.push({ ours: oursMs, bare: bareMs, ratio: oursMs / bareMs });
    progress(`round ${round}/${ROUNDS}: p99 ${oursMs.toFixed(1)} ms against ${bareMs.toFixed(1)} ms`);
  }
  return { spread: spreadOf(rounds.map(({ ratio }) => ratio)), raw: rounds };
}

async function timedInto(figures: number[], search: Search, container: Container): Promise<readonly string[]> {
  const startedAt = performance.now();
  const found = await search(container);
  figures.push(performance.now() - startedAt);
  return found;
}

/** As the registry's projection writes them. */
async function importRegions(database: DataSource, csv: string): Promise<void> {
  const records = parse<Record<string, string>>(csv, { columns: true, bom: true });
  const rows = records.map((row, at) => ({ row, line: at + 2 }));
  const list = readRegionTable({ rows, faults: [] }, { asOf: '2018-12-31', knownKeys: new Set() });
  if ('faults' in list) throw new Error(`The regions have faults, first: ${JSON.stringify(list.faults[0])}`);
  const projection = registry.projections.find(({ name }) => name === 'region-map');
  if (projection === undefined) throw new Error('The registry has no projection region-map.');
  const { source, regions } = list;
  await projection.apply(database.manager, [
    inLog({ type: 'RegionsListed', data: { regions } }),
    inLog({ type: 'RegionImportAccepted', data: { source, regions: regions.length } }),
  ]);
}

function inLog(event: { readonly type: string; readonly data: object }): RecordedEvent {
  const id = '00000000-0000-4000-8000-000000000001';
  const ids = { eventId: id, commandId: id, correlationId: 'bench', causationId: 'bench' };
  const actor = { subject: 'bench', roles: [] };
  const metadata = { ...ids, actor, occurredAt: '2026-03-01T10:00:00.000Z', schemaVersion: 1 };
  const streamName = regionImportEvents.category.streamName(id);
  return { ...event, streamName, revision: 0n, position: { commit: 0n, prepare: 0n }, metadata };
}

/** A Land and a Kreis by turns, all Kreise once. */
async function containersOf(client: Client): Promise<{ readonly regions: number; readonly all: readonly Container[] }> {
  const at = async (level: string) =>
    (await client.query<Container>('SELECT key, prefix FROM region WHERE $1 = ANY (levels) ORDER BY key', [level]))
      .rows;
  const [laender, kreise] = [await at('land'), await at('kreis')];
  const { rows } = await client.query<{ regions: number }>('SELECT count(*)::int AS regions FROM region');
  const all = kreise.flatMap((kreis, at) => [laender[at % laender.length]!, kreis]);
  return { regions: rows[0]!.regions, all };
}

/** As many Länder, Kreise and Gemeinden as there are about, each with as many within it. */
function sampleOfGermany(): string {
  const numbered = (count: number, digits: number) =>
    Array.from({ length: count }, (_, n) => String(n + 1).padStart(digits, '0'));
  const rows = numbered(16, 2).flatMap((land) => [
    `${land}000000,Land ${land},5000000`,
    ...numbered(25, 3).flatMap((kreis) => [
      `${land}${kreis}000,Kreis ${kreis},200000`,
      ...numbered(27, 3).map((gemeinde) => `${land}${kreis}${gemeinde},Gemeinde ${gemeinde},8000`),
    ]),
  ]);
  return ['ags,name,population', ...rows].join('\n');
}
