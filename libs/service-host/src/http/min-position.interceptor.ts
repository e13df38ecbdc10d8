import { type LogPosition, parsePosition } from '@alliance/event-sourcing';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { invalidRequest, unavailable } from './problem';
import { WAITS_FOR } from './waits-for';

/** Waits until a projection has come to a position. */
export abstract class ReadModelProgress {
  /** False when it has not got there in time. */
  abstract reached(projection: string, position: LogPosition): Promise<boolean>;
}

/** Holds a query back until the read model has come to the client's `Min-Position`. */
@Injectable()
export class MinPositionInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly progress: ReadModelProgress,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const projection = this.reflector.get<string | undefined>(WAITS_FOR, context.getHandler());
    if (projection === undefined || context.getType() !== 'http') return next.handle();
    const position = minPositionOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (position !== undefined && !(await this.progress.reached(projection, position))) {
      throw unavailable('READ_MODEL_BEHIND', `The read model ${projection} has not come to Min-Position yet.`, 1);
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
