import { createHash, randomUUID } from 'node:crypto';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { currentTraceparent } from '../observation/tracing';
import { invalidRequest } from './problem';
import './request';

/** Namespace of the ids that are derived from idempotency keys. */
const COMMAND_IDS = 'c3c1a8b6-6a53-4c1c-8f0e-5d3d9a1f7b42';
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const ETAG = /^"(\d{1,18})"$/;

/** Who calls; throws on a public endpoint, where nobody is known. */
export const CurrentActor = createParamDecorator<undefined, Actor>((_, host: ExecutionContext) =>
  actorOf(host.switchToHttp().getRequest<FastifyRequest>()),
);

/** When the request came, ISO 8601, UTC: the present of a query. */
export const ReceivedAt = createParamDecorator<undefined, string>(
  (_, host: ExecutionContext) => host.switchToHttp().getRequest<FastifyRequest>().receivedAt,
);

/**
 * The kernel's `CommandContext` of this request. Its command id follows from `Idempotency-Key`, actor, method and path:
 * the same key names the same command, whose answer a repeat gets again. Where its body or query says something else than
 * what is in the log under this key, it is refused with 422 `IDEMPOTENCY_KEY_REUSED`.
 */
export const Context = createParamDecorator<undefined, CommandContext>(
  (_, host: ExecutionContext) => commandContextOf(host.switchToHttp().getRequest<FastifyRequest>()),
  [
    documentHeader(
      'Idempotency-Key',
      'Repeating a request under the same key changes nothing and gives its answer again; another body: 422.',
    ),
    documentHeader('X-Correlation-Id', 'Goes through everything that this request sets in motion.'),
  ],
);

/** The revision in `If-Match`, as `ETag` gave it; `undefined` when the header is absent or `*`. */
export const IfMatch = createParamDecorator<undefined, bigint | undefined>(
  (_, host: ExecutionContext) => expectedRevisionOf(host.switchToHttp().getRequest<FastifyRequest>()),
  [documentHeader('If-Match', 'The `ETag` that the client has seen; refused with 412 when it is not the present one.')],
);

/**
 * The id of what this command creates: a repeat of the command makes the same one. `kind` tells apart several things
 * that one command creates.
 */
export function newId(context: CommandContext, kind: string): string {
  return deriveId(context.commandId, kind);
}

function commandContextOf(request: FastifyRequest): CommandContext {
  const actor = actorOf(request);
  const commandId = commandIdOf(request, actor);
  const commandDigest = commandDigestOf(request);
  const traceparent = currentTraceparent() ?? sentTraceparent(request);
  return {
    commandId,
    ...(commandDigest === undefined ? {} : { commandDigest }),
    correlationId: request.correlationId,
    causationId: commandId,
    actor,
    at: request.receivedAt,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function actorOf(request: FastifyRequest): Actor {
  if (request.actor === undefined) throw new Error(`${request.method} ${request.url} is public and knows no actor.`);
  return request.actor;
}

function commandIdOf(request: FastifyRequest, actor: Actor): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return randomUUID();
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    throw invalidRequest([
      { field: 'Idempotency-Key', reason: 'invalid', expected: '1 to 200 visible ASCII characters, without space' },
    ]);
  }
  const path = request.url.split('?', 1)[0] ?? '';
  return deriveId(COMMAND_IDS, JSON.stringify([actor.subject, request.method, path, key]));
}

/**
 * What the request says, where it has a key. The key goes in, which the log does not hold: from the digest alone nobody
 * can find out by trial what personal data a body had.
 */
function commandDigestOf({ headers, url, body }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  const said = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null);
  return createHash('sha256').update(`${key} ${url} `).update(said).digest('base64url');
}

/** Passed on as it came when this process does not trace. */
function sentTraceparent(request: FastifyRequest): string | undefined {
  const header = request.headers['traceparent'];
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}

function expectedRevisionOf(request: FastifyRequest): bigint | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const [, revision] = ETAG.exec(header) ?? [];
  if (revision === undefined) {
    throw invalidRequest([
      { field: 'If-Match', reason: 'invalid', expected: 'one ETag as this service gave it, such as "3"' },
    ]);
  }
  return BigInt(revision);
}

/** Puts a header into the OpenAPI description of the endpoint that asks for it by a parameter decorator. */
function documentHeader(name: string, description: string): ParameterDecorator {
  return (target, key) => {
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (descriptor) ApiHeader({ name, description, required: false })(target, key, descriptor);
  };
}
