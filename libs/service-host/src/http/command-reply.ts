import { formatPosition } from '@alliance/event-sourcing';
import type { Accepted } from '@alliance/event-store';
import { applyDecorators, type Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblem } from './problem-body';

/** What a command's endpoint returns; the host writes its headers, status and body. */
export class CommandReply<Body = unknown> {
  constructor(
    readonly status: 200 | 201 | 204,
    readonly accepted: Accepted,
    readonly body?: Body,
    readonly location?: string,
  ) {}
}

/** Success: 200 with a body, 204 without; `ETag` and `Alliance-Position` say where stream and log stand. */
export function commandReply(accepted: Accepted): CommandReply<undefined>;
export function commandReply<Body>(accepted: Accepted, body: Body): CommandReply<Body>;
export function commandReply<Body>(accepted: Accepted, body?: Body): CommandReply<Body> {
  return new CommandReply(body === undefined ? 204 : 200, accepted, body);
}

/** Something new is there: 201 with its `Location`, the path from the root: `/registry/organisations/<id>`. */
export function created<Body>(accepted: Accepted, location: string, body: Body): CommandReply<Body> {
  return new CommandReply(201, accepted, body, location);
}

/** Describes a command's endpoint to OpenAPI: its success and the problems that any command can have. */
export function ApiCommand(success: {
  readonly status: 200 | 201 | 204;
  readonly type?: Type;
  readonly description?: string;
}): MethodDecorator {
  const headers = {
    ETag: { description: 'Revision of the stream after the command.', schema: { type: 'string', example: '"3"' } },
    'Alliance-Position': {
      description: 'Position of the log after the command; give it back as `Min-Position` to read your own write.',
      schema: { type: 'string', example: '20480/20480' },
    },
  };
  return applyDecorators(
    ApiResponse({ description: 'Done, and durable in the log.', ...success, headers }),
    ApiProblem(400, 'The request is malformed; `errors` lists every fault.'),
    ApiProblem(409, 'Refused: the present state forbids it.'),
    ApiProblem(
      412,
      '`If-Match` is not the present revision, the decision was on a version that is no longer the present one (`data` names both), or too many others wrote at the same time.',
    ),
    ApiProblem(422, 'Refused: the command breaks a rule in itself.'),
    ApiProblem(503, 'The log cannot be reached; try again after `Retry-After` seconds.'),
  );
}

/** Writes a `CommandReply`; everything else as ever. Here, since an interceptor would cost every request a good part of its time. */
export class CommandReplyAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, body: unknown, statusCode?: number): FastifyReply {
    if (!(body instanceof CommandReply)) return super.reply(response, body, statusCode);
    const { status, accepted, location } = body;
    if (accepted.revision !== undefined) response.header('etag', `"${accepted.revision}"`);
    if (accepted.position !== undefined) response.header('alliance-position', formatPosition(accepted.position));
    if (location !== undefined) response.header('location', location);
    return super.reply(response, body.body, status);
  }
}
