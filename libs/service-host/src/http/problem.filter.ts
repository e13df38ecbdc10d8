import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorMessage } from '../error-message';
import { problemOfLibrary } from './library-problems';
import { ProblemError } from './problem';
import type { ProblemBody } from './problem-body';
import './request';
import type { RouteTable } from './route-table';

/** Writes every error of a request as problem+json (RFC 9457), and logs what somebody should look at. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = request.is404 ? this.unknownRoute(request) : problemOf(error);
    log(problem, error, request);
    writeProblem(problem, request.correlationId, reply);
  }

  private unknownRoute(request: FastifyRequest): ProblemError {
    const methods = this.routes.methodsFor(request.url);
    if (methods.length === 0) return new ProblemError(404, 'UNKNOWN_ROUTE', 'There is no such endpoint.');
    const allow = methods.join(', ');
    return new ProblemError(405, 'METHOD_NOT_ALLOWED', `This endpoint knows only: ${allow}.`, { headers: { allow } });
  }
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HttpException && error.getStatus() < 500) return ofHttp(error.getStatus(), error.message);
  return problemOfLibrary(error) ?? new ProblemError(500, 'INTERNAL_ERROR', 'An unexpected fault; it has been logged.');
}

/** What Fastify and Nest refuse by themselves: too large, malformed, of a length that is not true. */
function ofHttp(status: number, detail: string): ProblemError {
  const title = STATUS_CODES[status] ?? 'Bad Request';
  return new ProblemError(status, title.toUpperCase().replace(/[^A-Z]+/g, '_'), detail);
}

export function writeProblem(problem: ProblemError, correlationId: string, reply: Pick<FastifyReply, 'status'>): void {
  void reply
    .status(problem.status)
    .headers(problem.more.headers ?? {})
    .type('application/problem+json')
    .send(bodyOf(problem, correlationId));
}

function bodyOf(problem: ProblemError, correlationId: string): ProblemBody {
  const { errors, data } = problem.more;
  return {
    type: `urn:alliance4ukraine:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance: `urn:alliance4ukraine:request:${correlationId}`,
    ...(errors && { errors }),
    ...(data && Object.keys(data).length > 0 && { data }),
  };
}

function log(problem: ProblemError, error: unknown, request: FastifyRequest): void {
  const { status, code } = problem;
  const { correlationId } = request;
  const action = `${request.method} ${request.routeOptions.url ?? ''}`;
  if (status === 403) {
    const { subject: actor, roles } = request.actor ?? {};
    request.log.warn({ correlationId, actor, roles, action, code }, 'forbidden');
  } else if (status === 503) {
    request.log.warn({ correlationId, action, code, reason: errorMessage(error) }, 'unavailable');
  } else if (status >= 500) {
    request.log.error({ correlationId, err: error, action }, 'unexpected fault');
  }
}
