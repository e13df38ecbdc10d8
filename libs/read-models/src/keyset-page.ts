import { QueryFailedError, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** What a list is ordered by. The field is a property of the entity whose column is never null. */
export interface KeysetOrder<Field extends string> {
  readonly field: Field;
  readonly direction: 'ascending' | 'descending';
}

/** The cursor is none, or belongs to a list in another order. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';

  constructor(cause?: unknown) {
    super('The cursor does not belong to this list.', { cause });
  }
}

type FieldOf<Row> = keyof Row & string;

/**
 * One page of a filtered query: reads on from the last row of the page before, so that rows that come and go meanwhile
 * neither repeat others nor hide them, and a late page costs no more than the first. The query brings joins and filters,
 * no order. `key` is the field that makes the order total: unique, not null.
 *
 * @throws InvalidCursor when the cursor was not made by this function for the same order.
 */
export async function keysetPage<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  page: {
    readonly order: readonly KeysetOrder<FieldOf<Row>>[];
    readonly key: FieldOf<Row>;
    readonly limit: number;
    readonly cursor?: string;
  },
): Promise<{ items: Row[]; nextCursor?: string }> {
  const { key, limit, cursor } = page;
  const order = page.order.some(({ field }) => field === key)
    ? page.order
    : [...page.order, { field: key, direction: 'ascending' } as const];
  for (const { field, direction } of order) {
    query.addOrderBy(`${query.alias}.${field}`, direction === 'ascending' ? 'ASC' : 'DESC');
  }
  if (cursor !== undefined) continueAfter(query, order, readCursor(cursor, order));
  const rows = await query
    .take(limit + 1)
    .getMany()
    .catch((error: unknown) => {
      throw cursor !== undefined && isDataFault(error) ? new InvalidCursor(error) : error;
    });
  const last = rows[limit - 1];
  const items = rows.slice(0, limit);
  return rows.length > limit && last ? { items, nextCursor: writeCursor(last, order) } : { items };
}

type Order<Row> = readonly KeysetOrder<FieldOf<Row>>[];

/** (a, b, c) after the values: a beyond its value, or a the same and b beyond, or a and b the same and c beyond. */
function continueAfter<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: Order<Row>,
  values: readonly unknown[],
): void {
  const column = (index: number) => `${query.alias}.${order[index]?.field}`;
  const alternatives = order.map(({ direction }, index) => {
    const same = order.slice(0, index).map((_, before) => `${column(before)} = :cursor${before}`);
    return [...same, `${column(index)} ${direction === 'ascending' ? '>' : '<'} :cursor${index}`].join(' AND ');
  });
  const parameters = Object.fromEntries(values.map((value, index) => [`cursor${index}`, value]));
  // Otherwise an OR among the filters would let rows past the cursor.
  const filters = query.expressionMap.wheres;
  if (filters.length > 0) {
    query.expressionMap.wheres = [{ type: 'simple', condition: { operator: 'brackets', condition: filters } }];
  }
  query.andWhere(`(${alternatives.map((one) => `(${one})`).join(' OR ')})`, parameters);
}

function writeCursor<Row extends ObjectLiteral>(row: Row, order: Order<Row>): string {
  const values = order.map(({ field }) => row[field] as unknown);
  return Buffer.from(JSON.stringify([signature(order), ...values])).toString('base64url');
}

function readCursor<Row>(cursor: string, order: Order<Row>): readonly unknown[] {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    throw new InvalidCursor(error);
  }
  if (!Array.isArray(content)) throw new InvalidCursor();
  const [madeFor, ...values] = content as unknown[];
  const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  if (madeFor !== signature(order) || values.length !== order.length || !values.every(isScalar)) {
    throw new InvalidCursor();
  }
  return values;
}

function signature<Row>(order: Order<Row>): string {
  return order.map(({ field, direction }) => (direction === 'ascending' ? field : `-${field}`)).join();
}

/** SQLSTATE class 22: a value that its column cannot hold, which can only have come with the cursor. */
function isDataFault(error: unknown): boolean {
  return error instanceof QueryFailedError && String((error.driverError as { code?: string }).code).startsWith('22');
}
