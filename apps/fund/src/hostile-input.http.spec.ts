import { randomUUID } from 'node:crypto';
import { type Answer, type Caller } from '@alliance/service-world';
import { FundWorld } from './fund.given';
import { aGrant, ids } from './grant/grant.given';
import { grantEvents } from './grant/grant.events';

/** As much of OpenAPI as the description of the fund uses. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly example?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
type Method = 'get' | 'post' | 'put';
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let world: FundWorld;
let api: Description;
const grantId = randomUUID();
beforeAll(async () => {
  world = await FundWorld.start();
  api = (await world.get('/openapi.json', undefined)).body as Description;
  await world.plant(grantEvents, grantId, aGrant({ upTo: 'report-due' }));
});
afterAll(() => world.stop());

const callers: readonly Caller[] = [
  { subject: 'officer-9', role: 'fund-officer' },
  { subject: 'coordinator-9', role: 'coordinator' },
  { subject: 'approver-9', role: 'approver' },
  { subject: 'reviewer-9', role: 'reviewer' },
  { subject: 'representative-9', role: 'representative', organisationId: ids.applicant },
  { subject: 'auditor-9', role: 'auditor' },
];

const hostile: readonly unknown[] = [
  null,
  '',
  '\u0000',
  '\ud800',
  'x'.repeat(20_000),
  -1,
  Number.MAX_SAFE_INTEGER,
  [null],
  {},
  { cents: -1, currency: 'XXX' },
  '9999-12-31',
];

function sample(schema: Schema): unknown {
  const { $ref, allOf, properties } = schema;
  if ($ref !== undefined) return sample(api.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (allOf?.[0] !== undefined) return sample(allOf[0]);
  if (properties !== undefined) {
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sample(one)]));
  }
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.example !== undefined) return schema.example;
  if (schema.type === 'array') return [sample(schema.items ?? {})];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return randomUUID();
  if (schema.format === 'date') return '2026-03-01';
  if (schema.format === 'date-time') return '2026-03-01T00:00:00Z';
  return '09162000';
}

/** The same with each of its values, however deep, replaced by something else. */
function* spoiled(value: unknown): Generator<unknown> {
  yield* hostile;
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) for (const worse of spoiled(one)) yield value.with(index, worse);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      for (const worse of spoiled(one)) yield { ...value, [name]: worse };
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
    }
  }
}

const placed = (path: string) =>
  path
    .replace('/fund', '')
    .replace('{id}', grantId)
    .replace('{trancheId}', ids.firstTranche)
    .replace('{reportId}', ids.report);

describe('bad input to the fund', () => {
  it('in a body is never a 5xx, whichever field of whichever command is spoiled', async () => {
    let sent = 0;
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const method of ['post', 'put'] as const) {
        const schema = methods[method]?.requestBody?.content['application/json']?.schema;
        if (schema === undefined) continue;
        const send = (body: unknown, by: Caller): Promise<Answer> => world[method](placed(path), body as object, by);
        const right = sample(schema);
        let who = callers[0];
        for (const caller of callers) {
          const { status, body } = await send({}, caller);
          if (status !== 403 || body.code !== 'FORBIDDEN') who = caller;
        }
        if (who === undefined) throw new Error('Somebody has to ask.');
        for (const body of spoiled(right)) {
          const { status } = await send(body, who);
          sent += 1;
          if (status >= 500) expect([method, path, JSON.stringify(body).slice(0, 300), status]).toBeUndefined();
        }
      }
    }
    expect(sent).toBeGreaterThan(1_000);
  }, 120_000);

  it('in a query is never a 5xx, whichever parameter is spoiled', async () => {
    let sent = 0;
    const values = ['', '-', '\u0000', '1e9', "'; DROP TABLE pot --"];
    for (const [path, methods] of Object.entries(api.paths)) {
      const names = methods.get?.parameters?.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
      for (const name of [...names, 'unknown']) {
        for (const value of values) {
          const url = `${placed(path)}?${name}=${encodeURIComponent(value)}`;
          const { status } = await world.get(url, callers.at(-1));
          sent += 1;
          if (status >= 500) expect([url.slice(0, 200), status]).toBeUndefined();
        }
      }
    }
    expect(sent).toBeGreaterThan(300);
  }, 120_000);
});
