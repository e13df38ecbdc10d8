import type { KeysetOrder } from '@alliance/read-models';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { invalidRequest } from './problem';

/** A whole number in a query: its decimal digits as text become a number; anything else stays what it is, and is refused. */
export function QueryInteger(range: { readonly min: number; readonly max: number }): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(range.min),
    Max(range.max),
  );
}

/** A yes or no in a query: `true` or `false`. */
export function booleanOfQuery({ value }: { value: unknown }): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** The query of a list; extend it with filters and `sort`. */
export class PageQuery {
  /** How many items at most. */
  @IsOptional()
  @QueryInteger({ min: 1, max: 200 })
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  readonly limit: number = 50;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  @ApiPropertyOptional({ description: '`nextCursor` of the page before.' })
  readonly cursor?: string;
}

/** One page of a list. */
export interface Paged<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** How many there are in all, where that is cheap to know. */
  readonly total?: number;
}

/** Describes a `Paged<Item>` answer to OpenAPI. */
export function ApiPaged(item: Type): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(item),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['items'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          nextCursor: { type: 'string', description: 'Absent on the last page.' },
          total: { type: 'integer' },
        },
      },
    }),
  );
}

/**
 * Reads `name,-admittedAt` (a minus sign: descending) against the fields that may be sorted by; `undefined` gives no
 * keys. Throws a 400 that names `sort` for other fields and for a field named twice.
 */
export function parseSort<const Field extends string>(
  sort: string | undefined,
  allowed: readonly Field[],
): readonly KeysetOrder<Field>[] {
  if (sort === undefined) return [];
  const keys = sort.split(',').map((part) => {
    const name = part.startsWith('-') ? part.slice(1) : part;
    const field = allowed.find((one) => one === name);
    return field === undefined
      ? undefined
      : ({ field, direction: part.startsWith('-') ? 'descending' : 'ascending' } as const);
  });
  const known = keys.filter((key) => key !== undefined);
  if (known.length < keys.length || new Set(known.map((key) => key.field)).size < keys.length) {
    const expected = `one or more of ${allowed.join(', ')}, each once, joined by commas, with "-" in front for descending`;
    throw invalidRequest([{ field: 'sort', reason: 'invalid', expected }]);
  }
  return known;
}
