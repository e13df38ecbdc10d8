import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isDtoClass, rulesOf } from './describe-dto';
import { isFaultless } from './faultless';
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
    if (isFaultless(dto)) return dto;
    const faults = faultsIn(dto);
    if (faults.length > 0) throw invalidRequest(faults);
    return dto;
  }
}

/** Every fault of a DTO, one for each field. */
export function faultsIn(dto: object): readonly FieldFault[] {
  const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: false });
  return onePerField([...faultsOf(errors, ''), ...shapeFaults(dto, '')]);
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
 * class-validator lets a single value pass where the elements of an array are described, an array where one object is,
 * nothing at all where an object is, and null where a field may be left out. Here what is described `each` is an array,
 * what is nested is an object, and what is left out is not there.
 */
function shapeFaults(dto: object, parent: string): FieldFault[] {
  const rules = isDtoClass(dto.constructor) ? rulesOf(dto.constructor) : [];
  return [...new Set(rules.map((rule) => rule.propertyName))].flatMap((property): FieldFault[] => {
    const value = (dto as Record<string, unknown>)[property];
    const own = rules.filter((rule) => rule.propertyName === property);
    const field = pathOf(parent, property);
    const isList = own.some((rule) => rule.each);
    const isNested = own.some((rule) => rule.type === 'nestedValidation');
    const isOptional = own.some((rule) => rule.name === 'isOptional');
    if (value === null && isOptional) {
      return [{ field, reason: 'invalid', expected: 'must not be null; leave the field out' }];
    }
    if (value === undefined || value === null) {
      if (!isNested || isOptional) return [];
      return [{ field, reason: 'missing', expected: isList ? 'must be an array' : 'must be an object' }];
    }
    if (isList && !Array.isArray(value)) return [{ field, reason: 'invalid', expected: 'must be an array' }];
    if (!isNested) return [];
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
