import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isDtoClass, rulesOf } from './describe-dto';
import { type FieldFault, invalidRequest } from './problem';
import { textFault } from './strict-json';

/**
 * Checks bodies, queries and path parameters against their DTO classes (class-validator): unknown fields are refused,
 * types are never bent, and all faults come at once.
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (type !== 'body') requireStorableText(value);
    if (!isDtoClass(metatype)) return value;
    if (!isPlainObject(value)) {
      throw invalidRequest([
        { field: type, reason: value === undefined ? 'missing' : 'invalid', expected: 'must be an object' },
      ]);
    }
    const dto: object = plainToInstance(metatype, { ...value }, { exposeDefaultValues: true });
    const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: false });
    const faults = [...faultsOf(errors, ''), ...shapeFaults(dto, '')];
    if (faults.length > 0) throw invalidRequest(onePerField(faults));
    return dto;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

function requireStorableText(value: unknown): void {
  const entries: [string, unknown][] = isPlainObject(value) ? Object.entries(value) : [['parameter', value]];
  const faults = entries.flatMap(([field, entry]) =>
    [entry].flat().flatMap((text): FieldFault[] => {
      const expected = typeof text === 'string' ? textFault(text) : undefined;
      return expected === undefined ? [] : [{ field, reason: 'invalid', expected }];
    }),
  );
  if (faults.length > 0) throw invalidRequest(faults);
}

function faultsOf(errors: readonly ValidationError[], parent: string): FieldFault[] {
  return errors.flatMap((error) => {
    const field = pathOf(parent, error.property);
    return [...ownFault(error, field), ...faultsOf(error.children ?? [], field)];
  });
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

function ownFault(error: ValidationError, field: string): FieldFault[] {
  const constraints = error.constraints ?? {};
  if (Object.keys(constraints).length === 0) return [];
  if ('whitelistValidation' in constraints) return [{ field, reason: 'unknown', expected: 'no such field' }];
  const expected = Object.values(constraints)
    .map((message) => message.replace(`${error.property} `, ''))
    .join('; ');
  return [{ field, reason: error.value === undefined ? 'missing' : 'invalid', expected }];
}

/**
 * class-validator lets a single value pass where the elements of an array are described, and an array where one object
 * is. Here what is described `each` is an array, and what is nested is an object.
 */
function shapeFaults(dto: object, parent: string): FieldFault[] {
  const rules = isDtoClass(dto.constructor) ? rulesOf(dto.constructor) : [];
  return Object.entries(dto).flatMap(([property, value]: [string, unknown]): FieldFault[] => {
    if (value === undefined || value === null) return [];
    const own = rules.filter((rule) => rule.propertyName === property);
    const field = pathOf(parent, property);
    const isList = own.some((rule) => rule.each);
    if (isList && !Array.isArray(value)) return [{ field, reason: 'invalid', expected: 'must be an array' }];
    if (!own.some((rule) => rule.type === 'nestedValidation')) return [];
    return isList && Array.isArray(value)
      ? value.flatMap((element: unknown, index) => objectFaults(element, `${field}[${index}]`))
      : objectFaults(value, field);
  });
}

function objectFaults(value: unknown, field: string): FieldFault[] {
  if (!isPlainObject(value)) return [{ field, reason: 'invalid', expected: 'must be an object' }];
  return shapeFaults(value, field);
}

function onePerField(faults: readonly FieldFault[]): readonly FieldFault[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.field, fault])).values()].toReversed();
}
