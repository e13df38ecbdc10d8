import type { Contract } from '../src/contract';
import { type JsonSchema } from './json-schema';

/** A published type as it is committed: the JSON Schema of its data, with its name and the topic it is found on. */
export interface Golden extends JsonSchema {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  readonly 'x-topic': string;
}

export function goldenOf(contract: Contract): Golden {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: contract.type,
    description: contract.description,
    'x-topic': contract.topic,
    ...dataSchemaOf(contract),
  };
}

/** The schema of a contract's data as plain JSON. */
export function dataSchemaOf(contract: Contract): JsonSchema {
  return withEnums(JSON.parse(JSON.stringify(contract.schema)) as JsonSchema);
}

/** The data's schema in a golden document. */
export function dataSchemaIn(golden: Golden): JsonSchema {
  const { $schema: _dialect, 'x-topic': _topic, ...schema } = golden;
  return schema;
}

/** TypeBox writes a union of literals as `anyOf` of `const`; everyone else writes and reads `enum`. */
function withEnums(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf, ...rest } = schema;
  const constants = anyOf?.filter((each) => each.const !== undefined && each.type === 'string');
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, withEnums(each)])),
    }),
    ...(items && { items: withEnums(items) }),
    ...(anyOf &&
      (constants?.length === anyOf.length
        ? { type: 'string', enum: anyOf.map((each) => each.const) }
        : { anyOf: anyOf.map(withEnums) })),
  };
}
