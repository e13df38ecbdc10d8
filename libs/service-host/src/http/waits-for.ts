import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { MinPositionInterceptor, WAITS_FOR } from './min-position.interceptor';
import { ApiProblem } from './problem-body';

/**
 * A query that reads what these projections write: with `Min-Position` (an `Alliance-Position` that a command gave) it
 * waits up to five seconds until all of them have got there, then answers 503 `READ_MODEL_BEHIND`.
 */
export function WaitsFor(...projections: readonly [string, ...string[]]): MethodDecorator {
  return applyDecorators(
    SetMetadata(WAITS_FOR, projections),
    UseInterceptors(MinPositionInterceptor),
    ApiHeader({
      name: 'Min-Position',
      required: false,
      description: 'An `Alliance-Position`: answer only when the read model has come that far.',
      schema: { type: 'string', example: '20480/20480' },
    }),
    ApiProblem(503, 'The read model is behind; try again after `Retry-After` seconds.'),
  );
}
