import { systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { connectDatabase, PostgresRows, runProjector } from '@alliance/read-models';
import { organisation, registry } from '@alliance/registry';
import { type Position } from '@eventstore/db-client';
import { Client } from 'pg';
import { abandon, bareClient } from './bare-client';
import { fillLog } from './filled-log';
import { type Benchmark, compare, type Side, timed } from './measure';
import { withEventStore, withPostgres } from './world';

const EVENTS = 200_000;
const EVENTS_A_TRANSACTION = 1000;
const PROJECTION = 'organisation-directory';
const TABLE = 'organisation';
const KEY = 'id';

export const projectBenchmark: Benchmark = {
  name: 'project',
  measure: `project ${EVENTS} events into Postgres, against a bare readAll and upserts of the same rows`,
  unit: '×',
  better: 'higher',
  bar: 0.5,
  aim: 0.8,
  run: (progress) =>
    withEventStore((url) =>
      withPostgres(async (newDatabase) => {
        progress(`writing ${EVENTS} events`);
        await fillLog(url, EVENTS);
        progress('projecting once, to know the rows');
        const model = await newDatabase();
        await projectOurs(url, model);
        const rows = await projectedRows(model);
        return compare(
          {
            ours: async () => projectOurs(url, await newDatabase()),
            bare: async () => projectBare(url, await newDatabase(), rows),
            rounds: 3,
          },
          progress,
        );
      }),
    ),
};

const projectOurs = async (url: string, databaseUrl: string): ReturnType<Side> => {
  const projection = registry.projections.find(({ name }) => name === PROJECTION);
  if (projection === undefined) throw new Error(`The registry has no projection ${PROJECTION}.`);
  const store = EventStore.connect({ connectionString: url });
  const database = await connectDatabase({ url: databaseUrl, entities: [...registry.entities] });
  const done = new AbortController();
  let units = 0;
  const seconds = await timed(() =>
    runProjector({
      projection,
      log: store.log(projection.catalogues),
      rows: new PostgresRows(database),
      clock: systemClock,
      signal: done.signal,
      observe(report) {
        if (report.kind === 'failed') throw report.error;
        units += report.events;
        if (report.caughtUp) done.abort();
      },
    }),
  );
  await Promise.all([store.close(), database.destroy()]);
  if (units !== EVENTS) throw new Error(`${units} events were projected instead of ${EVENTS}.`);
  return { seconds, units };
};

/**
 * What one would write by hand, without checks: read, and for each batch upsert the rows it touches, and the checkpoint,
 * in one transaction. The rows are those that the projection made, so that both sides write the same.
 */
const projectBare = async (url: string, databaseUrl: string, rows: ReadonlyMap<string, object>): ReturnType<Side> => {
  const client = bareClient(url);
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const upsert = await upsertStatement(database);
  const { prefix } = organisation.catalogue.category;
  let units = 0;
  const seconds = await timed(async () => {
    let touched = new Set<string>();
    const flush = async (position: Position | undefined) => {
      const checkpoint = [PROJECTION, String(position?.commit), String(position?.prepare)];
      await database.query('BEGIN');
      await database.query(upsert, [JSON.stringify([...touched].map((id) => rows.get(id)))]);
      await database.query(SAVE_CHECKPOINT, checkpoint);
      await database.query('COMMIT');
      touched = new Set();
    };
    for await (const { event } of client.readAll()) {
      if (!event?.streamId.startsWith(prefix)) continue;
      touched.add(event.streamId.slice(prefix.length));
      units += 1;
      if (units % EVENTS_A_TRANSACTION === 0) await flush(event.position);
    }
  });
  abandon(client);
  await database.end();
  if (units !== EVENTS) throw new Error(`The bare client read ${units} events instead of ${EVENTS}.`);
  return { seconds, units };
};

const SAVE_CHECKPOINT =
  'INSERT INTO checkpoint (follower, commit, prepare) VALUES ($1, $2, $3) ' +
  'ON CONFLICT (follower) DO UPDATE SET commit = excluded.commit, prepare = excluded.prepare';

async function upsertStatement(database: Client): Promise<string> {
  const { fields } = await database.query(`SELECT * FROM ${TABLE} LIMIT 0`);
  const columns = fields.map(({ name }) => `"${name}"`);
  const changes = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  return (
    `INSERT INTO ${TABLE} SELECT * FROM json_populate_recordset(NULL::${TABLE}, $1) ` +
    `ON CONFLICT (${KEY}) DO UPDATE SET ${changes}`
  );
}

/** The rows as the projection makes them, by organisation. */
async function projectedRows(databaseUrl: string): Promise<ReadonlyMap<string, object>> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const found = await database.query<{ key: string; row: object }>(
    `SELECT ${KEY}::text AS key, to_jsonb(made) AS row FROM ${TABLE} AS made`,
  );
  await database.end();
  return new Map(found.rows.map(({ key, row }) => [key, row]));
}
