import { type LogPosition, systemClock } from '@alliance/event-sourcing';
import { ProjectionProgress } from '@alliance/read-models';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DevelopmentIssuer } from '../identity/development-issuer';
import { TokenVerifier } from '../identity/token-verifier';
import { createLog } from '../observation/log';
import { Metrics } from '../observation/metrics';
import { createHttpApp } from './http-app';
import { createHttpServer } from './http-server';
import { HttpModule } from './http.module';
import { AuditorWritesController, ForgottenController, Root, ThingsController } from './things.given';

const issuer = new DevelopmentIssuer(systemClock);
const waitForPosition = jest.fn<Promise<'reached' | 'not yet'>, [string, LogPosition, number]>();
const lines: Record<string, unknown>[] = [];
let app: NestFastifyApplication;
let coordinator: string;

async function appWith(...controllers: Type[]): Promise<NestFastifyApplication> {
  const log = createLog('sample', 'info', {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const server = createHttpServer({ log, clock: systemClock, metrics: new Metrics('sample') });
  const providers = [
    { provide: TokenVerifier, useValue: issuer },
    { provide: ProjectionProgress, useValue: { waitForPosition } },
  ];
  const root = Root.with(controllers, providers, [HttpModule.with(server.routes)]);
  return createHttpApp(root, server, { service: 'sample', log });
}

beforeAll(async () => {
  app = await appWith(ThingsController);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  coordinator = `Bearer ${await issuer.issue({ roles: ['coordinator'], subject: 'c-1' })}`;
});

afterAll(() => app.close());
beforeEach(() => {
  lines.length = 0;
  waitForPosition.mockReset();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

async function call(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  headers: Record<string, string> = {},
  payload?: string | Buffer,
): Promise<Answer> {
  const answer = await app.inject({ method, url, headers, payload });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  call(
    'POST',
    '/sample/things',
    { authorization: coordinator, 'content-type': 'application/json', ...headers },
    payload,
  );
const valid = { name: "Hilfe'); DROP TABLE x;-- <script>", identifiers: [{ scheme: 'VR', value: '1' }] };

describe('a command', () => {
  it('answers with ETag, Alliance-Position and Location', async () => {
    const { status, headers, body } = await post(JSON.stringify(valid));
    expect(status).toBe(201);
    expect(headers).toMatchObject({ etag: '"3"', 'alliance-position': '7/8', location: '/sample/things/1' });
    expect(body).toMatchObject({ body: valid, ifMatch: 'undefined' });
  });

  it('has the same id when it comes again under the same Idempotency-Key by the same actor, another one otherwise', async () => {
    const idOf = async (headers: Record<string, string>) => (await post(JSON.stringify(valid), headers)).body['id'];
    const other = `Bearer ${await issuer.issue({ roles: ['coordinator'], subject: 'c-2' })}`;
    const first = await idOf({ 'idempotency-key': 'k' });
    expect(await idOf({ 'idempotency-key': 'k' })).toBe(first);
    expect(await idOf({ 'idempotency-key': 'l' })).not.toBe(first);
    expect(await idOf({ 'idempotency-key': 'k', authorization: other })).not.toBe(first);
    expect(await idOf({})).not.toBe(await idOf({}));
  });

  it('knows its correlation id, actor, time and trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers, body } = await post(JSON.stringify(valid), { 'x-correlation-id': 'abc-1', traceparent });
    expect(headers['x-correlation-id']).toBe('abc-1');
    expect(body['context']).toMatchObject({
      correlationId: 'abc-1',
      actor: { subject: 'c-1', roles: ['coordinator'] },
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      traceparent,
    });
  });

  it('reads the revision in If-Match and names the header when it is malformed', async () => {
    expect((await post(JSON.stringify(valid), { 'if-match': '"12"' })).body).toMatchObject({ ifMatch: '12' });
    expect(await post(JSON.stringify(valid), { 'if-match': '12' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', errors: [{ field: 'If-Match', reason: 'invalid' }] },
    });
  });
});

describe('a malformed request', () => {
  it('is answered with all of its faults at once, in problem+json', async () => {
    const { status, headers, body } = await post(
      JSON.stringify({ nmae: 'x', members: '7', identifiers: [{ scheme: 'V', value: 1, extra: true }] }),
    );
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: 'urn:alliance4ukraine:problem:invalid-request',
      title: 'Bad Request',
      status: 400,
      code: 'INVALID_REQUEST',
      instance: expect.stringMatching(/^urn:alliance4ukraine:request:/) as string,
    });
    const errors = body['errors'] as { field: string; reason: string }[];
    expect(errors.map(({ field, reason }) => `${field} ${reason}`).sort()).toEqual([
      'identifiers[0].extra unknown',
      'identifiers[0].scheme invalid',
      'identifiers[0].value invalid',
      'members invalid',
      'name missing',
      'nmae unknown',
    ]);
  });

  it.each([
    ['an object where an array belongs', { ...valid, identifiers: { scheme: 'VR', value: '1' } }, 'identifiers'],
    ['an array where an object belongs', { ...valid, main: [{ scheme: 'VR', value: '1' }] }, 'main'],
    ['a text where an array of texts belongs', { ...valid, tags: 'one' }, 'tags'],
    ['null in an array of objects', { ...valid, identifiers: [null] }, 'identifiers'],
    ['a number in an array of objects', { ...valid, identifiers: [1] }, 'identifiers'],
    ['an array in an array of objects', { ...valid, identifiers: [[]] }, 'identifiers'],
    ['null for a text', { ...valid, name: null }, 'name'],
    ['an array for the whole', [valid], 'body'],
    ['null for the whole', null, 'body'],
  ])('with %s is refused and names the field', async (_, body, field) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(400);
    const errors = answer.body['errors'] as { field: string }[];
    expect(errors.map((error) => error.field.replace(/\[.*/, ''))).toEqual([field]);
  });

  it.each([
    ['no JSON', '{"name":', 400],
    ['nothing at all', '', 400],
    ['a lone surrogate', `{"name":"\\ud800","identifiers":[]}`, 400],
    ['a lone surrogate in a key', `{"a\\udc00":1}`, 400],
    ['NUL', `{"name":"a\\u0000b","identifiers":[]}`, 400],
    ['one key twice', `{"name":"a","name":"b","identifiers":[]}`, 400],
    ['one key twice, escaped', `{"name":"a","n\\u0061me":"b","identifiers":[]}`, 400],
    ['__proto__', `{"__proto__":{"name":"a"}}`, 400],
    ['constructor', `{"constructor":{"prototype":{}}}`, 400],
    ['an unsafe integer', `{"name":"a","members":9007199254740993,"identifiers":[]}`, 400],
    ['a number without end', `{"name":"a","members":1e999,"identifiers":[]}`, 400],
    ['a depth of 33', '['.repeat(33) + ']'.repeat(33), 400],
    ['a depth of 100,000', '['.repeat(100_000) + ']'.repeat(100_000), 400],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['a size over 256 KiB', JSON.stringify({ ...valid, name: 'x'.repeat(256 * 1024) }), 413],
  ])('with %s is refused, never a fault of the server', async (_, payload, status) => {
    expect(await post(payload)).toMatchObject({ status, body: { status } });
  });

  it.each([
    ['another media type', { 'content-type': 'application/xml' }],
    ['another charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['a compressed body', { 'content-encoding': 'gzip' }],
  ])('with %s is 415', async (_, headers) => {
    expect(await post(JSON.stringify(valid), headers)).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });

  it('without a media type is 415, and without a body tells what is missing', async () => {
    const authorization = coordinator;
    expect((await call('POST', '/sample/things', { authorization })).status).toBe(400);
    expect((await call('POST', '/sample/things', { authorization }, Buffer.from('{}'))).status).toBe(415);
  });

  it.each([
    '/sample/things?limit=0',
    '/sample/things?limit=201',
    '/sample/things?limit=ten',
    '/sample/things?limit=',
    '/sample/things?limit=1&limit=2',
    '/sample/things?x=1',
    '/sample/things?cursor=%00',
    '/sample/things?sort=secret',
    '/sample/things?sort=name,name',
    '/sample/things/not-a-uuid',
    '/sample/things/%00',
    '/sample/things/%ff',
  ])('such as GET %s is 400', async (url) => {
    expect(await call('GET', url, { authorization: coordinator })).toMatchObject({
      status: 400,
      body: { status: 400 },
    });
  });

  it('of an upload names no field but its type and size', async () => {
    const upload = (type: string, payload: Buffer) =>
      call('POST', '/sample/things/import', { authorization: coordinator, 'content-type': type }, payload);
    expect(await upload('text/csv; charset=utf-8', Buffer.alloc(300_000, 'a'))).toMatchObject({
      status: 201,
      body: { bytes: 300_000 },
    });
    expect((await upload('text/csv', Buffer.alloc(1_000_001, 'a'))).status).toBe(413);
    expect((await upload('application/json', Buffer.from('{}'))).status).toBe(415);
  });
});

describe('a route that accepts long JSON', () => {
  it('takes more than others, up to its own limit', async () => {
    const send = (length: number) =>
      call(
        'POST',
        '/sample/things/long',
        { authorization: coordinator, 'content-type': 'application/json' },
        Buffer.from(JSON.stringify({ ...valid, tags: Array.from({ length }, () => 'a tag') })),
      );
    expect(await send(100_000)).toMatchObject({ status: 201, body: { tags: 100_000 } });
    expect((await send(125_000)).status).toBe(413);
  });
});

describe('a query', () => {
  it('reads numbers and sort keys from text', async () => {
    const { body } = await call('GET', '/sample/things?limit=7&sort=name,-admittedAt', { authorization: coordinator });
    expect(body).toEqual({
      limit: 7,
      sort: [
        { field: 'name', direction: 'ascending' },
        { field: 'admittedAt', direction: 'descending' },
      ],
    });
    expect((await call('GET', '/sample/things', { authorization: coordinator })).body).toMatchObject({ limit: 50 });
  });

  it('with Min-Position waits for its projection, and is 503 when that stays behind', async () => {
    const ask = (position: string) =>
      call('GET', '/sample/things', { authorization: coordinator, 'min-position': position });
    waitForPosition.mockResolvedValueOnce('reached');
    expect((await ask('12/10')).status).toBe(200);
    expect(waitForPosition).toHaveBeenCalledWith('thing-list', { commit: 12n, prepare: 10n }, 5000);
    waitForPosition.mockResolvedValueOnce('not yet');
    const behind = await ask('12/10');
    expect(behind).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
    expect(behind.headers['retry-after']).toBe('1');
    expect(await ask('soon')).toMatchObject({ status: 400, body: { errors: [{ field: 'Min-Position' }] } });
  });

  it('that reads what several projections write waits for all of them', async () => {
    const ask = () => call('GET', '/sample/things/counted', { authorization: coordinator, 'min-position': '12/10' });
    waitForPosition.mockResolvedValueOnce('reached').mockResolvedValueOnce('reached');
    expect((await ask()).status).toBe(200);
    expect(waitForPosition).toHaveBeenLastCalledWith('thing-count', { commit: 12n, prepare: 10n }, 5000);
    waitForPosition.mockResolvedValueOnce('reached').mockResolvedValueOnce('not yet');
    expect(await ask()).toMatchObject({ status: 503, body: { detail: expect.stringContaining('thing-count') } });
  });
});

describe('access', () => {
  const list = (authorization?: string) =>
    call('GET', '/sample/things', authorization === undefined ? {} : { authorization });
  const tokenOf = async (...roles: ('coordinator' | 'auditor' | 'analyst')[]) =>
    `Bearer ${await issuer.issue({ roles, subject: 's-1' })}`;

  it('is refused without a token, with a forged one and with one of another issuer', async () => {
    const stranger = new DevelopmentIssuer(systemClock);
    for (const authorization of [
      undefined,
      'Basic abc',
      'Bearer abc',
      `Bearer ${await stranger.issue({ roles: ['coordinator'] })}`,
    ]) {
      const answer = await list(authorization);
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('is refused to other roles, and that is logged with actor and action', async () => {
    expect(await list(await tokenOf('analyst'))).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'forbidden',
        actor: 's-1',
        action: 'GET /sample/things',
        code: 'FORBIDDEN',
        level: 'warn',
      }),
    );
  });

  it('lets auditors read all and write nothing, whatever else they are', async () => {
    expect((await list(await tokenOf('auditor'))).status).toBe(200);
    expect((await post(JSON.stringify(valid), { authorization: await tokenOf('auditor', 'coordinator') })).status).toBe(
      403,
    );
  });

  it('is settled for every endpoint, or the service does not start', async () => {
    await expect(appWith(ForgottenController)).rejects.toThrow(
      'ForgottenController.all has neither @Roles nor @Public.',
    );
    await expect(appWith(AuditorWritesController)).rejects.toThrow('AuditorWritesController.write writes');
  });
});

describe('an answer that is not success', () => {
  it('carries the code, the detail and the data of a refusal; a forbidden one is logged', async () => {
    expect(await call('GET', '/sample/things/refused', { authorization: coordinator })).toMatchObject({
      status: 403,
      body: {
        type: 'urn:alliance4ukraine:problem:thing-not-yours',
        code: 'THING_NOT_YOURS',
        detail: 'It is not yours.',
        data: { owner: 'o-1' },
      },
    });
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'forbidden', actor: 'c-1', code: 'THING_NOT_YOURS' }));
  });

  it('is 412 for a decision on a version that is no longer the present one, with both versions', async () => {
    expect(await call('GET', '/sample/things/outdated', { authorization: coordinator })).toMatchObject({
      status: 412,
      body: { code: 'THING_OUTDATED', data: { seenVersion: 1, presentVersion: 2 } },
    });
  });

  it('is 404 for an unknown path, 405 for an unknown method, both in problem+json', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ROUTE' } });
    expect(await call('GET', '/sample/nowhere')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ROUTE' } });
    const answer = await call('PUT', '/sample/things');
    expect(answer).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
    expect(String(answer.headers['allow']).split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('hides the internals of a bug and logs them with the correlation id', async () => {
    const answer = await call('GET', '/sample/things/broken', { 'x-correlation-id': 'bug-1' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        correlationId: 'bug-1',
        err: expect.objectContaining({ message: 'secret internals' }) as object,
      }),
    );
  });
});

describe('the log', () => {
  it('tells of each request by its route, without path, query, body or token', async () => {
    await call('GET', '/sample/things/0b5c7f2e-3f60-4f6e-9a44-4b8f2c3a1d11?mail=a@b.c', { 'x-correlation-id': 'r-1' });
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'answered',
        method: 'GET',
        route: '/sample/things/:id',
        status: 200,
        correlationId: 'r-1',
      }),
    );
    await post(JSON.stringify({ ...valid, name: 'Erika Musterfrau' }));
    const text = JSON.stringify(lines);
    for (const hidden of ['0b5c7f2e', 'a@b.c', 'Musterfrau', coordinator.slice(7)]) expect(text).not.toContain(hidden);
  });
});

describe('the OpenAPI description', () => {
  it('is made of the validation rules, the access rules and the headers', async () => {
    const { status, body } = await call('GET', '/sample/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      components: {
        schemas: {
          Application: {
            required: expect.arrayContaining(['name', 'identifiers']) as string[],
            properties: {
              name: { type: 'string', minLength: 1, maxLength: 100 },
              members: { type: 'integer' },
              identifiers: { type: 'array', maxItems: 5, items: { $ref: '#/components/schemas/Identifier' } },
              tags: { type: 'array', items: { type: 'string' } },
            },
          },
          Identifier: { required: ['scheme', 'value'] },
        },
      },
    });
    const paths = body['paths'] as Record<
      string,
      Record<string, { parameters: { name: string }[]; responses: object }>
    >;
    const operation = paths['/sample/things']?.['post'];
    expect(operation?.parameters.map(({ name }) => name).sort()).toEqual([
      'Idempotency-Key',
      'If-Match',
      'X-Correlation-Id',
    ]);
    expect(Object.keys(operation?.responses ?? {})).toEqual(['201', '400', '401', '403', '409', '412', '422', '503']);
    const query = paths['/sample/things']?.['get'];
    expect(query?.parameters.map(({ name }) => name).sort()).toEqual(['Min-Position', 'cursor', 'limit', 'sort']);
  });

  it('can be browsed', async () => {
    const page = await app.inject({ method: 'GET', url: '/sample/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect((await app.inject({ method: 'GET', url: '/sample/docs/swagger-ui.css' })).statusCode).toBe(200);
  });
});
