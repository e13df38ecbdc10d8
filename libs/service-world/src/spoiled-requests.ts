import { randomUUID } from 'node:crypto';
import type { Answer, Caller, ServiceWorld } from './service-world';

/** As much of OpenAPI as the description of a service uses. */
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

/** Requests that were spoiled, and those of them that were answered by a fault of the service's own. */
interface Spoiled {
  readonly sent: number;
  readonly failed: readonly (readonly [method: string, path: string, status: number, request: string])[];
}

interface Asking {
  /** Of each endpoint the last of these who may call it. */
  readonly callers: readonly Caller[];
  /** The path without the service's name, with ids of what is there in the place of parameters. */
  placed(path: string): string;
}

/**
 * Sends each JSON command of the service's own description with each value of its body, however deep, replaced by something
 * hostile or left out.
 */
export async function spoilBodies(world: ServiceWorld, { callers, placed }: Asking): Promise<Spoiled> {
  const api = await descriptionOf(world);
  let sent = 0;
  const failed: [string, string, number, string][] = [];
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of ['post', 'put'] as const) {
      const schema = methods[method]?.requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const send = (body: unknown, by: Caller): Promise<Answer> => world[method](placed(path), body as object, by);
      let who = callers[0];
      for (const caller of callers) {
        const answer = await send({}, caller);
        if (answer.status !== 403 || (answer.body as { code?: string }).code !== 'FORBIDDEN') who = caller;
      }
      if (who === undefined) throw new Error('Somebody has to ask.');
      for (const body of spoiled(sample(schema, api))) {
        const { status } = await send(body, who);
        sent += 1;
        if (status >= 500) failed.push([method, path, status, JSON.stringify(body).slice(0, 300)]);
      }
    }
  }
  return { sent, failed };
}

/** Asks each query of the service's own description with each parameter replaced by something hostile, as the last caller. */
export async function spoilQueries(world: ServiceWorld, { callers, placed }: Asking): Promise<Spoiled> {
  const api = await descriptionOf(world);
  let sent = 0;
  const failed: [string, string, number, string][] = [];
  for (const [path, methods] of Object.entries(api.paths)) {
    const names = methods.get?.parameters?.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
    for (const name of [...names, 'unknown']) {
      for (const value of ['', '-', '\u0000', '1e9', "'; DROP TABLE pot --"]) {
        const query = `${name}=${encodeURIComponent(value)}`;
        const { status } = await world.get(`${placed(path)}?${query}`, callers.at(-1));
        sent += 1;
        if (status >= 500) failed.push(['get', path, status, query]);
      }
    }
  }
  return { sent, failed };
}

async function descriptionOf(world: ServiceWorld): Promise<Description> {
  return (await world.get('/openapi.json', undefined)).body as Description;
}

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

/** A value of that form, mostly a right one. */
function sample(schema: Schema, api: Description): unknown {
  const { $ref, allOf, properties } = schema;
  if ($ref !== undefined) return sample(api.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, api);
  if (allOf?.[0] !== undefined) return sample(allOf[0], api);
  if (properties !== undefined) {
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sample(one, api)]));
  }
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.example !== undefined) return schema.example;
  if (schema.type === 'array') return [sample(schema.items ?? {}, api)];
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
