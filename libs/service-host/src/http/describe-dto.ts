import type { Type } from '@nestjs/common';
import { ApiProperty, DECORATORS } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Schema = Record<string, unknown>;

const rulesByClass = new WeakMap<Type<object>, readonly Rule[]>();

/** What a rule of class-validator says in the words of JSON Schema, by the rule's name. */
const KEYWORDS: Readonly<Record<string, (constraint: unknown, second: unknown) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  isLength: (minLength, maxLength) => ({ type: 'string', minLength, maxLength }),
  minLength: (minLength) => ({ type: 'string', minLength }),
  maxLength: (maxLength) => ({ type: 'string', maxLength }),
  isNotEmpty: () => ({ minLength: 1 }),
  isIn: (values) => ({ enum: values }),
  isEnum: (_entity, values) => ({ enum: values }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isUrl: () => ({ type: 'string', format: 'uri' }),
  matches: (pattern) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  arrayMinSize: (minItems) => ({ minItems }),
  arrayMaxSize: (maxItems) => ({ maxItems }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/**
 * Describes a DTO to OpenAPI by its validation rules, and the DTOs in it, so that the rules are written once. What
 * `@ApiProperty` says on a field wins. Throws for an array of objects without it: the element's class is unknown here.
 */
export function describeDto(dto: Type<object>, seen: Set<Type<object>> = new Set()): void {
  if (seen.has(dto)) return;
  seen.add(dto);
  const rules = rulesOf(dto);
  for (const property of new Set(rules.map((rule) => rule.propertyName))) {
    const target = dto.prototype as object;
    const nested: unknown = Reflect.getMetadata('design:type', target, property);
    if (isDtoClass(nested)) describeDto(nested, seen);
    const said: unknown = Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES, target, property);
    const derived = schemaOf(dto, property, rules, said);
    ApiProperty({ ...derived, ...(said as Schema | undefined) })(target, property);
  }
}

/** Classes with rules are DTOs; `String`, `Buffer` and the like are for the handler to read. */
export function isDtoClass(type: unknown): type is Type<object> {
  return typeof type === 'function' && rulesOf(type as Type<object>).length > 0;
}

/** Its own rules and those it inherits, gathered once: no rule is added to a class after its definition. */
export function rulesOf(type: Type<object>): readonly Rule[] {
  const known = rulesByClass.get(type);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  rulesByClass.set(type, rules);
  return rules;
}

function schemaOf(dto: Type<object>, property: string, all: readonly Rule[], said: unknown): Schema {
  const rules = all.filter((rule) => rule.propertyName === property);
  const required = !rules.some((rule) => rule.name === 'isOptional');
  const declared: unknown = Reflect.getMetadata('design:type', dto.prototype as object, property);
  const own = keywordsOf(rules.filter((rule) => !rule.each));
  const elements = rules.filter((rule) => rule.each);
  if (elements.length === 0) return { required, ...(isDtoClass(declared) && { type: declared }), ...own };
  if (said !== undefined) return { required, ...own };
  const items = keywordsOf(elements);
  if (Object.keys(items).length === 0) {
    throw new Error(`${dto.name}.${property}: an array of objects needs @ApiProperty({ type: [Element] }).`);
  }
  return { required, type: 'array', items, ...own };
}

function keywordsOf(rules: readonly Rule[]): Schema {
  return Object.assign({}, ...rules.map(keywordsOfRule)) as Schema;
}

function keywordsOfRule({ name, constraints }: Rule): Schema {
  const [first, second] = (constraints ?? []) as readonly unknown[];
  return (name === undefined ? undefined : KEYWORDS[name])?.(first, second) ?? {};
}
