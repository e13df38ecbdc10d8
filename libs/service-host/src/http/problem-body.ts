import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { FieldFault } from './problem';

class FieldFaultBody implements FieldFault {
  @ApiProperty({ example: 'identifiers[0].scheme' })
  readonly field: string;

  @ApiProperty({ enum: ['missing', 'unknown', 'invalid'] })
  readonly reason: FieldFault['reason'];

  @ApiProperty({ example: 'must be a string' })
  readonly expected: string;
}

/** problem+json (RFC 9457) as OpenAPI shows it. */
export class ProblemBody {
  @ApiProperty({ example: 'urn:alliance4ukraine:problem:invalid-request' })
  readonly type: string;

  @ApiProperty({ example: 'Bad Request' })
  readonly title: string;

  @ApiProperty({ example: 400 })
  readonly status: number;

  @ApiProperty({ description: 'One sentence for a human.' })
  readonly detail: string;

  @ApiProperty({ description: 'Stable; what a program should look at.', example: 'INVALID_REQUEST' })
  readonly code: string;

  @ApiProperty({
    description: 'The request, by its correlation id, which the logs and the events carry too.',
    example: 'urn:alliance4ukraine:request:3f0c4a52-0e6f-4c6b-9f0a-0c9f2d2a2a11',
  })
  readonly instance: string;

  @ApiPropertyOptional({ type: [FieldFaultBody], description: 'Every fault of the request.' })
  readonly errors?: readonly FieldFault[];

  @ApiPropertyOptional({ type: Object, description: 'Facts of a refusal that a client can show or act on.' })
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Describes an answer that is a problem to OpenAPI. */
export function ApiProblem(status: number, description: string): MethodDecorator & ClassDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemBody) } } };
  return applyDecorators(ApiExtraModels(ProblemBody), ApiResponse({ status, description, content }));
}
