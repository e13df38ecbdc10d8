import { type LogPosition, parsePosition } from '@alliance/event-sourcing';
import { ProjectionProgress } from '@alliance/read-models';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { invalidRequest, unavailable } from './problem';

/** The names of the projections that an endpoint waits for. */
export const WAITS_FOR = Symbol('waits for a projection');

const WAIT_MS = 5000;

/** Holds a query back until the read model has come to the client's `Min-Position`. */
@Injectable()
export class MinPositionInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly progress: ProjectionProgress,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const projections = this.reflector.get<readonly string[] | undefined>(WAITS_FOR, context.getHandler());
    const position = minPositionOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (projections === undefined || position === undefined) return next.handle();
    const outcomes = await Promise.all(
      projections.map((projection) => this.progress.waitForPosition(projection, position, WAIT_MS)),
    );
    const behind = projections.filter((_, index) => outcomes[index] === 'not yet');
    if (behind.length > 0) {
      const detail = `The read model ${behind.join(', ')} has not come to Min-Position yet.`;
      throw unavailable('READ_MODEL_BEHIND', detail, 1);
    }
    return next.handle();
  }
}

function minPositionOf(request: FastifyRequest): LogPosition | undefined {
  const header = request.headers['min-position'];
  if (header === undefined) return undefined;
  const position = typeof header === 'string' ? parsePosition(header) : undefined;
  if (position === undefined) {
    const expected = 'an Alliance-Position as a command gave it, such as 20480/20480';
    throw invalidRequest([{ field: 'Min-Position', reason: 'invalid', expected }]);
  }
  return position;
}
