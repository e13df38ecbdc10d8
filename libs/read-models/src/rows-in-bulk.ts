import type { RecordedEvent } from '@alliance/event-sourcing';
import type { EntityManager } from 'typeorm';

/**
 * Inserts the rows, or replaces these columns where the key exists, in one statement. Rows are objects from column names to
 * what JSON can say (dates may be `Date`, big numbers `bigint`), all with the same columns; of rows with the same key
 * the last counts. Names of table and columns are the code's own, never input.
 */
export async function upsertRows<Row extends object>(
  tx: EntityManager,
  table: string,
  keyColumns: readonly (keyof Row & string)[],
  rows: readonly Row[],
): Promise<void> {
  const latest = [
    ...new Map(
      rows.map((row) => [
        JSON.stringify(
          keyColumns.map((key) => row[key]),
          plain,
        ),
        row,
      ]),
    ).values(),
  ];
  const [first] = latest;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const others = columns.filter((column) => !(keyColumns as readonly string[]).includes(column));
  const change =
    others.length > 0 ? `UPDATE SET ${others.map((c) => `"${c}" = excluded."${c}"`).join(', ')}` : 'NOTHING';
  const list = quoted(columns);
  await tx.query(
    `INSERT INTO "${table}" (${list}) SELECT ${list} FROM json_populate_recordset(NULL::"${table}", $1) ` +
      `ON CONFLICT (${quoted(keyColumns)}) DO ${change}`,
    [JSON.stringify(latest, plain)],
  );
}

/** How events become the rows of a table with one row for each key. */
export interface RowFold<Row extends object> {
  readonly table: string;
  /** Its primary key: one column, text or uuid. */
  readonly keyColumn: keyof Row & string;
  /** The key of the row that the event changes; `undefined` when it changes none. */
  keyOf(event: RecordedEvent): string | undefined;
  /**
   * The row after the event; `undefined` deletes it or leaves it absent. Pure. Rows come as JSON tells them: dates and
   * times as ISO 8601 strings, `bigint` columns as numbers.
   */
  evolve(row: Row | undefined, event: RecordedEvent): Row | undefined;
}

/**
 * Folds a batch of events into the rows they change: reads these at once, evolves them in the order of the events, and
 * writes at once what has changed. Three statements at most, however many events.
 */
export async function foldIntoRows<Row extends object>(
  tx: EntityManager,
  { table, keyColumn, keyOf, evolve }: RowFold<Row>,
  events: readonly RecordedEvent[],
): Promise<void> {
  const keyed = events.flatMap((event) => {
    const key = keyOf(event);
    return key === undefined ? [] : [{ key, event }];
  });
  if (keyed.length === 0) return;
  const keys = [...new Set(keyed.map(({ key }) => key))];
  const found = await tx.query<{ key: string; row: Row }[]>(
    `SELECT "${keyColumn}"::text AS key, to_jsonb(found) AS row FROM "${table}" AS found WHERE "${keyColumn}" = ANY ($1)`,
    [keys],
  );
  const before = new Map(found.map(({ key, row }) => [key, row]));
  const after = new Map<string, Row | undefined>(before);
  for (const { key, event } of keyed) after.set(key, evolve(after.get(key), event));

  const changed = keys.filter((key) => after.get(key) !== before.get(key));
  const gone = changed.filter((key) => after.get(key) === undefined);
  if (gone.length > 0) await tx.query(`DELETE FROM "${table}" WHERE "${keyColumn}" = ANY ($1)`, [gone]);
  const rows = changed.map((key) => after.get(key)).filter((row) => row !== undefined);
  await upsertRows(tx, table, [keyColumn], rows);
}

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
