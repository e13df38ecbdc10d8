import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, type Standalone, startStandalone } from '@alliance/standalone';
import fc from 'fast-check';

const RUNS = 300;

const good = {
  name: 'Nachbarschaftshilfe e.V.',
  kind: 'civil-society',
  operatingSince: '2010-01-01',
  identifiers: [{ scheme: 'vereinsregister', court: 'Köln', number: 'VR 1' }],
  fieldKeys: ['accommodation'],
};

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    '\ud800',
    "'; DROP TABLE organisation_directory; --",
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '‮',
    'a'.repeat(100_000),
    1e308,
    -0,
    Number.MAX_SAFE_INTEGER + 1,
    [],
    {},
    true,
    { __proto__: null },
    '2026-02-30',
    '0000-00-00',
    '9999-12-31',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.anything({ maxDepth: 3 }),
);

/** A good application of which some parts have been replaced, removed or added to. */
const hostileApplication = fc
  .array(
    fc.tuple(fc.constantFrom(...Object.keys(good), 'legalForm', 'regionKey', 'website', 'zzz', 'constructor'), nasty),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((changes) => ({ ...good, ...Object.fromEntries(changes) }));

describe('hostile input', () => {
  let dataDir: string;
  let standalone: Standalone;
  let token: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'alliance-hostile-'));
    standalone = await startStandalone({ dataDir, port: 0, logLevel: 'silent' });
    const issued = await new ApiClient(standalone.url).post<{ token: string }>('/dev/token', { role: 'coordinator' });
    token = issued.body.token;
  }, 60_000);
  afterAll(async () => {
    await standalone?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function send(path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
    return fetch(standalone.url + path, { method: 'POST', body, headers: all });
  }

  it('in an application is accepted or refused as a problem that names the fields, and never a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(hostileApplication, async (application) => {
        const answer = await send('/registry/organisations', JSON.stringify(application) ?? 'null');
        expect(answer.status).toBeLessThan(500);
        if (answer.status === 201) return;
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(await answer.json()).toMatchObject({ status: answer.status, code: expect.any(String) });
      }),
      { numRuns: RUNS },
    );
  });

  it('in the query of a list is never a 5xx', async () => {
    const names = fc.constantFrom('q', 'within', 'field', 'identifier', 'sort', 'limit', 'cursor', 'stage', 'zzz');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.string({ unit: 'grapheme', maxLength: 60 })), async (query) => {
        const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
        const answer = await fetch(`${standalone.url}/registry/organisations?${text.join('&')}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['no JSON', '{"name":', {}],
    ['an empty body', '', {}],
    ['JSON that is no object', '[1,2,3]', {}],
    ['another content type', '<xml/>', { 'content-type': 'application/xml' }],
    ['a lone surrogate', '{"name":"\\ud800"}', {}],
    ['a NUL character', '{"name":"a\\u0000b"}', {}],
    ['a number too large to be exact', '{"name":123456789012345678901234567890}', {}],
    ['the key __proto__', '{"__proto__":{"admin":true},"name":"x"}', {}],
    ['ten thousand levels', '['.repeat(10_000) + ']'.repeat(10_000), {}],
    ['two megabytes', JSON.stringify({ name: 'x'.repeat(2_000_000) }), {}],
    ['a malformed If-Match', JSON.stringify(good), { 'if-match': 'abc', 'idempotency-key': 'a b c' }],
  ])('with %s is refused as a problem', async (_, body, headers) => {
    const answer = await send('/registry/organisations', body, headers);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('as bytes that are no UTF-8 is refused', async () => {
    const answer = await send('/registry/organisations', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    expect(answer.status).toBe(400);
  });

  it('with several faults is told all of them at once, by field', async () => {
    const application = { ...good, name: '', kind: 'club', operatingSince: 'yesterday', fieldKeys: 'x', zzz: 1 };
    const answer = await send('/registry/organisations', JSON.stringify(application));
    const { errors } = (await answer.json()) as { errors: { field: string }[] };
    expect(answer.status).toBe(400);
    expect(new Set(errors.map(({ field }) => field))).toEqual(
      new Set(['name', 'kind', 'operatingSince', 'fieldKeys', 'zzz']),
    );
  });

  it('keeps text that looks like SQL or a script as what it is: text', async () => {
    const name = `Robert'); DROP TABLE x;-- <script>alert("ä")</script>`;
    const applied = await send('/registry/organisations', JSON.stringify({ ...good, name }));
    const { organisationId } = (await applied.json()) as { organisationId: string };
    const shown = await fetch(`${standalone.url}/registry/organisations/${organisationId}`, {
      headers: {
        authorization: `Bearer ${token}`,
        'min-position': applied.headers.get('alliance-position') ?? '',
      },
    });
    expect(await shown.json()).toMatchObject({ name });
  });
});
