import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';
import { isDtoClass, rulesOf } from './describe-dto';

type Rule = ReturnType<typeof rulesOf>[number];

/** All that the rules of a class say about one of its properties. */
interface PropertyCheck {
  readonly property: string;
  readonly isOptional: boolean;
  readonly isList: boolean;
  readonly isNested: boolean;
  readonly constraints: readonly { readonly rule: Rule; readonly instance: ValidatorConstraintInterface }[];
}

/** By property; `undefined` for a class with rules of a kind that is not known here. */
type DtoCheck = ReadonlyMap<string, PropertyCheck> | undefined;

const checks = new WeakMap<object, DtoCheck>();

/**
 * Whether class-validator would find nothing in this object, by running the very rules it would run, but without
 * gathering them anew for every object, which is a good part of what a request costs. Where it cannot tell it says
 * `false`: what is wrong, and whether anything is, remains class-validator's to say.
 */
export function isFaultless(dto: unknown): boolean {
  if (typeof dto !== 'object' || dto === null || !isDtoClass(dto.constructor)) return false;
  const check = checkOf(dto.constructor);
  if (check === undefined) return false;
  for (const property of Object.keys(dto)) if (!check.has(property)) return false;
  for (const one of check.values()) if (!holds(one, dto)) return false;
  return true;
}

function holds({ property, isOptional, isList, isNested, constraints }: PropertyCheck, dto: object): boolean {
  const value = (dto as Record<string, unknown>)[property];
  if (isOptional && (value === undefined || value === null)) return value === undefined;
  const elements = isList ? value : [value];
  if (!Array.isArray(elements)) return false;
  return (
    constraints.every(({ rule: { each, constraints }, instance }) => {
      const about = { targetName: dto.constructor.name, property, object: dto, value, constraints };
      // A rule that needs time to judge gives a promise, which is not known here.
      return (each ? elements : [value]).every((one) => instance.validate(one, about) === true);
    }) &&
    (!isNested || elements.every(isFaultless))
  );
}

function checkOf(type: object & Parameters<typeof rulesOf>[0]): DtoCheck {
  if (!checks.has(type)) checks.set(type, compile(rulesOf(type)));
  return checks.get(type);
}

function compile(rules: readonly Rule[]): DtoCheck {
  if (!rules.every((rule) => isKnown(rule))) return undefined;
  const properties = new Set(rules.map(({ propertyName }) => propertyName));
  return new Map(
    [...properties].map((property) => {
      const own = rules.filter(({ propertyName }) => propertyName === property);
      return [
        property,
        {
          property,
          isOptional: own.some(isOptionalRule),
          isList: own.some(({ each }) => each),
          isNested: own.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION),
          constraints: own.flatMap((rule) => constraintsOf(rule).map(({ instance }) => ({ rule, instance }))),
        },
      ];
    }),
  );
}

function isKnown(rule: Rule): boolean {
  if (rule.validateIf) return false;
  if (rule.type === ValidationTypes.CUSTOM_VALIDATION) return constraintsOf(rule).every(({ async }) => !async);
  return rule.type === ValidationTypes.NESTED_VALIDATION || isOptionalRule(rule);
}

function constraintsOf({ constraintCls }: Rule) {
  return getMetadataStorage().getTargetValidatorConstraints(constraintCls);
}

function isOptionalRule({ type, name }: Rule): boolean {
  return type === ValidationTypes.CONDITIONAL_VALIDATION && name === 'isOptional';
}
