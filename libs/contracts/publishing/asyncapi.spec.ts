import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { contracts, topics } from '../src';
import { asyncApiOf } from './asyncapi';

/** The parts of the document that the tests look into. */
interface AsyncApi {
  readonly channels: Record<string, { readonly messages: Record<string, Reference> }>;
  readonly operations: Record<string, { readonly channel: Reference; readonly messages: readonly Reference[] }>;
  readonly components: { readonly messages: Record<string, { readonly headers: object; readonly payload: object }> };
}
interface Reference {
  readonly $ref: string;
}

const document = asyncApiOf(contracts, topics) as AsyncApi;
const ajv = addFormats(new Ajv({ allowUnionTypes: true }));

function resolve({ $ref }: Reference): unknown {
  const [start, ...keys] = $ref.split('/');
  expect(start).toBe('#');
  return keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

const referencesIn = (value: unknown): readonly Reference[] =>
  typeof value !== 'object' || value === null
    ? []
    : '$ref' in value
      ? [value as Reference]
      : Object.values(value).flatMap(referencesIn);

it('every reference leads somewhere', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(contracts.length);
  for (const reference of references) expect(resolve(reference)).toBeInstanceOf(Object);
});

it('every type is a message of its own topic and is sent there', () => {
  for (const { type, topic } of contracts) {
    const message = document.components.messages[type];
    expect(resolve(document.channels[topic]?.messages[type] ?? { $ref: '#/none' })).toBe(message);
    const operation = document.operations[`publish.${topic}`];
    expect(operation?.messages.map(resolve)).toContainEqual({ $ref: `#/components/messages/${type}` });
  }
});

it('every header and payload is a schema that a checker takes in strict mode', () => {
  for (const { headers, payload } of Object.values(document.components.messages)) {
    expect(ajv.validateSchema(headers)).toBe(true);
    expect(() => ajv.compile(payload)).not.toThrow();
  }
});

it('the headers are those of CloudEvents 1.0 in binary mode, each type with its own', () => {
  const accepts = ajv.compile(document.components.messages['registry.OrganisationLeft.v1']?.headers ?? {});
  const headers = {
    ce_specversion: '1.0',
    ce_id: '3c6f2a4e-93a5-4a4e-8d1e-0f6a2c9b7d10',
    ce_source: '/registry',
    ce_type: 'registry.OrganisationLeft.v1',
    ce_subject: 'registry.organisation-3c6f2a4e-93a5-4a4e-8d1e-0f6a2c9b7d10',
    ce_time: '2026-03-01T09:30:00.000Z',
    'content-type': 'application/json',
    ce_streamrevision: '4',
    ce_logposition: '1042/1042',
    ce_correlationid: '1f0f7a52-8f6b-4a55-9a5c-5d5b1b9ad6cf',
  };
  expect(accepts(headers)).toBe(true);
  expect(accepts({ ...headers, ce_type: 'registry.OrganisationAdmitted.v1' })).toBe(false);
  expect(accepts({ ...headers, ce_id: undefined })).toBe(false);
});
