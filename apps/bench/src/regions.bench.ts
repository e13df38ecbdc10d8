import { readFileSync } from 'node:fs';
import {
  type Aggregate,
  type Command,
  type DomainEvent,
  isRefusal,
  type RecordedEvent,
} from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import { findRegions, readRegionTable, regionImport, registry, TERRITORY, territory } from '@alliance/registry';
import { parse } from 'csv-parse/sync';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { type Benchmark, percentile, spreadOf } from './measure';
import { withPostgres } from './world';

/** A CSV of `ags,name,population` to measure with, such as all regions of Germany; without it, some are made up. */
const { REGIONS_FILE } = process.env;
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
        await importRegions(database, REGIONS_FILE ? readFileSync(REGIONS_FILE, 'utf8') : sampleOfGermany());
        await client.query('VACUUM ANALYZE region');
        const containers = await containersOf(client);
        progress(`${containers.regions} regions, ${REGIONS_FILE ? `of ${REGIONS_FILE}` : 'made up'}`);
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

/** Milliseconds of either side. */
interface Figures {
  readonly ours: number;
  readonly bare: number;
}

/** The p99 of both sides over the same containers, round by round, the first of each pair changing. */
async function alternating(
  { ours, bare }: { readonly ours: Search; readonly bare: Search },
  containers: readonly Container[],
  progress: (line: string) => void,
) {
  const rounds: { p50: Figures; p99: Figures; ratio: number }[] = [];
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
    const at = (share: number) => ({ ours: percentile(figures.ours, share), bare: percentile(figures.bare, share) });
    const [p50, p99] = [at(0.5), at(0.99)];
    rounds.push({ p50, p99, ratio: p99.ours / p99.bare });
    const said = ({ ours, bare }: Figures) => `${ours.toFixed(2)} ms against ${bare.toFixed(2)} ms`;
    progress(`round ${round}/${ROUNDS}: p50 ${said(p50)}, p99 ${said(p99)}`);
  }
  return { spread: spreadOf(rounds.map(({ ratio }) => ratio)), raw: rounds };
}

async function timedInto(figures: number[], search: Search, container: Container): Promise<readonly string[]> {
  const startedAt = performance.now();
  const found = await search(container);
  figures.push(performance.now() - startedAt);
  return found;
}

/** As an import decides them and the registry's projection writes them. */
async function importRegions(database: DataSource, csv: string): Promise<void> {
  const records = parse<Record<string, string>>(csv, { columns: true, bom: true });
  const rows = records.map((row, at) => ({ row, line: at + 2 }));
  const list = readRegionTable({ rows, faults: [] }, { asOf: '2018-12-31', knownKeys: new Set() });
  if ('faults' in list) throw new Error(`The regions have faults, first: ${JSON.stringify(list.faults[0])}`);
  const projection = registry.projections.find(({ name }) => name === 'region-map');
  if (projection === undefined) throw new Error('The registry has no projection region-map.');
  const { source, regions } = list;
  const importId = context.commandId;
  const accepted = { importId, source, regions: regions.length };
  await projection.apply(database.manager, [
    ...decided(regionImport, importId, { type: 'ListRegions', data: { regions, listedBefore: 0 }, context }),
    ...decided(territory, TERRITORY, { type: 'AcceptRegionImport', data: accepted, context }),
  ]);
}

const context = {
  commandId: '00000000-0000-4000-8000-000000000001',
  correlationId: 'bench',
  causationId: 'bench',
  actor: { subject: 'bench', roles: [] },
  at: '2026-03-01T10:00:00.000Z',
};

/** What the first command to an aggregate writes, as if it lay in the log. */
function decided<Cmd extends Command, State, Event extends DomainEvent>(
  { catalogue, decider }: Aggregate<Cmd, State, Event>,
  id: string,
  command: Cmd,
): readonly RecordedEvent[] {
  const events = decider.decide(command, decider.initialState);
  if (isRefusal(events)) throw new Error(`${command.type} was refused: ${events.detail}`);
  const { at: occurredAt, ...cause } = context;
  const metadata = { ...cause, eventId: context.commandId, occurredAt, schemaVersion: 1 };
  const streamName = catalogue.category.streamName(id);
  return events.map((event) => ({
    ...event,
    streamName,
    revision: 0n,
    position: { commit: 0n, prepare: 0n },
    metadata,
  }));
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
