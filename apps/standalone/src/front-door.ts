import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DevelopmentIssuer, type Role, roles, type RunningService } from '@alliance/service-host';

/** The one port of the standalone. */
export interface FrontDoor {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const TOKEN_REQUEST_BYTES = 4096;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Options {
  readonly port: number;
  readonly services: readonly RunningService[];
  readonly issuer: DevelopmentIssuer;
}

/**
 * Hands each request to the service that its first path segment names, and answers itself for all of them at
 * `/health/…`, and at `POST /dev/token`, which a deployed service does not have.
 */
export async function openFrontDoor({ port, services, issuer }: Options): Promise<FrontDoor> {
  const byName = new Map(services.map((service) => [service.name, service]));
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const service = byName.get(path.split('/', 2)[1] ?? '');
    if (service) service.handleRequest(request, response);
    else void answer(request, response, path, services, issuer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken by another process; choose another one with PORT.`)
          : error,
      ),
    );
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  services: readonly RunningService[],
  issuer: DevelopmentIssuer,
): Promise<void> {
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/dev/token' && request.method === 'POST') return answerToken(request, response, issuer);
  if (isGet && path === '/health/live') return json(response, 200, { live: true });
  if (isGet && (path === '/health/ready' || path === '/health/started')) {
    const readiness = await Promise.all(services.map((service) => service.readiness()));
    const ready = readiness.every((one) => one.ready);
    const byService = Object.fromEntries(services.map(({ name }, index) => [name, readiness[index]]));
    return json(response, ready ? 200 : 503, { ready, services: byService });
  }
  if (isGet && path === '/') {
    return json(response, 200, { services: services.map(({ name }) => ({ name, docs: `/${name}/docs` })) });
  }
  problem(response, 404, 'UNKNOWN_ROUTE', `There is no ${request.method} ${path}; / lists the services.`);
}

/** `{"role": …, "organisationId": …}`: a token to try things out as somebody new in that role. */
async function answerToken(
  request: IncomingMessage,
  response: ServerResponse,
  issuer: DevelopmentIssuer,
): Promise<void> {
  const wish = await readJson(request);
  const role = roles.find((known) => known === wish?.['role']);
  const organisationId = wish?.['organisationId'];
  const errors = [
    ...(role === undefined ? [{ field: 'role', reason: 'unknown', expected: `one of ${roles.join(', ')}` }] : []),
    ...(organisationId === undefined || (typeof organisationId === 'string' && UUID.test(organisationId))
      ? []
      : [{ field: 'organisationId', reason: 'invalid', expected: 'a UUID, or nothing' }]),
    ...Object.keys(wish ?? {})
      .filter((field) => field !== 'role' && field !== 'organisationId')
      .map((field) => ({ field, reason: 'unknown', expected: 'role and organisationId alone' })),
  ];
  if (role === undefined || errors.length > 0) {
    return problem(response, 400, 'INVALID_REQUEST', 'A JSON object with a role is expected.', errors);
  }
  const token = await issuer.issue({ roles: [role], ...(typeof organisationId === 'string' && { organisationId }) });
  json(response, 200, { token, role: role satisfies Role });
}

/** The JSON object in the body; `undefined` when it is something else or larger than any token request. */
async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= TOKEN_REQUEST_BYTES) chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject && bytes <= TOKEN_REQUEST_BYTES ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(`${JSON.stringify(body)}\n`);
}

function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  errors?: readonly { readonly field: string; readonly reason: string; readonly expected: string }[],
): void {
  const type = `urn:alliance4ukraine:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  json(response, status, { type, title: code, status, code, detail, errors }, 'application/problem+json');
}
