import { randomUUID } from 'node:crypto';
import type { Clock } from '@alliance/event-sourcing';
import { CommandReplyAdapter } from './command-reply';
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../observation/metrics';
import { inSpan, startRequestSpan } from '../observation/tracing';
import { ProblemError } from './problem';
import { writeProblem } from './problem.filter';
import { correlationIdOf } from './request';
import { parseRequestsStrictly } from './request-parser';
import { RouteTable } from './route-table';

const REQUEST_TIMEOUT_MS = 60_000;

/** The Fastify server of one service, before Nest puts its routes in. */
export interface HttpServer {
  readonly adapter: CommandReplyAdapter;
  readonly routes: RouteTable;
  /** Resolves when no request is under way. */
  drained(): Promise<void>;
}

export function createHttpServer(options: {
  readonly log: Logger;
  readonly clock: Pick<Clock, 'now'>;
  readonly metrics: Metrics;
}): HttpServer {
  const adapter = new CommandReplyAdapter({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would cost more than naming the correlation in its two or three lines.
    childLoggerFactory: () => options.log,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // A path that cannot be decoded does not even come to the hooks.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      writeProblem(
        new ProblemError(error.statusCode ?? 400, 'INVALID_URL', 'The URL is malformed.'),
        randomUUID(),
        reply,
      );
    },
  });
  const server: FastifyInstance = adapter.getInstance();
  const routes = RouteTable.of(server);
  parseRequestsStrictly(server);
  observeRequests(server, options);
  return { adapter, routes, drained: countRequests(server) };
}

function observeRequests(
  server: FastifyInstance,
  { clock, log, metrics }: { readonly log: Logger; readonly clock: Pick<Clock, 'now'>; readonly metrics: Metrics },
): void {
  server.decorateRequest('correlationId', '');
  server.decorateRequest('receivedAt', '');
  server.decorateRequest('actor', undefined);
  server.decorateRequest('span', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    request.correlationId = correlationIdOf(request.headers['x-correlation-id']) ?? randomUUID();
    request.receivedAt = clock.now().toISOString();
    request.span = startRequestSpan(request);
    void reply.header('x-correlation-id', request.correlationId);
    done();
  });
  // Only here: reading the body would lose a context entered before.
  server.addHook('preValidation', (request, _reply, done) => {
    inSpan(request.span, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, correlationId } = request;
    const route = routeOf(request);
    const status = reply.statusCode;
    metrics.httpSeconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    request.span?.setAttribute('http.response.status_code', status).end();
    const durationMs = Math.round(reply.elapsedTime);
    log[isProbe(route) ? 'trace' : 'info'](
      { correlationId, method, route, status, durationMs, actor: request.actor?.subject },
      'answered',
    );
    done();
  });
}

/** The pattern, never the path: what stands in a path may be personal, and would make a metric of each. */
function routeOf(request: FastifyRequest): string {
  return request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
}

function isProbe(route: string): boolean {
  return route.startsWith('/health/') || route === '/metrics';
}

function countRequests(server: FastifyInstance): () => Promise<void> {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  server.addHook('onRequest', (_request, _reply, done) => {
    underWay += 1;
    done();
  });
  server.addHook('onResponse', (_request, _reply, done) => {
    underWay -= 1;
    if (underWay === 0) {
      for (const resolve of waiting) resolve();
      waiting = [];
    }
    done();
  });
  return () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)));
}
