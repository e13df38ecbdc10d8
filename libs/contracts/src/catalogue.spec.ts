import { Value } from '@sinclair/typebox/value';
import { contracts, topics } from './catalogue';
import { organisationAdmittedV1 } from './registry/organisation.v1';
import { readerSchema } from './reader-schema';

describe('every contract', () => {
  it.each(contracts.map((each) => [each.type, each] as const))('%s is named as the house names', (type, { topic }) => {
    const [, service, version] = /^([a-z]+(?:-[a-z]+)*)\.[A-Z][A-Za-z]+\.v([1-9]\d*)$/.exec(type) ?? [];
    expect([service, version]).not.toContain(undefined);
    expect(topic).toMatch(new RegExp(`^${service}\\.[a-z]+(-[a-z]+)*\\.v${version}$`));
  });

  it('has a type of its own and a topic that is created with settings', () => {
    expect(new Set(contracts.map((each) => each.type)).size).toBe(contracts.length);
    expect(new Set(contracts.map((each) => each.topic))).toEqual(new Set(topics.map((each) => each.name)));
  });

  it('carries nothing that is said of persons', () => {
    const personal = /email|mail|phone|first.?name|last.?name|surname|birth|contact|street|iban|subject|actor/i;
    const names = (schema: object): readonly string[] =>
      Object.entries(schema).flatMap(([key, value]: [string, unknown]) => [
        ...(key === 'properties' ? Object.keys(value as object) : []),
        ...(typeof value === 'object' && value !== null ? names(value) : []),
      ]);
    for (const contract of contracts) {
      expect(names(contract.schema)).not.toHaveLength(0);
      expect(names(contract.schema).filter((name) => personal.test(name))).toEqual([]);
    }
  });
});

describe('a reader', () => {
  const data = {
    organisationId: '3c6f2a4e-93a5-4a4e-8d1e-0f6a2c9b7d10',
    name: 'Brückenschlag e.V.',
    kind: 'civil-society',
    identifiers: [{ scheme: 'vereinsregister', court: 'Köln', number: 'VR 4711' }],
    fieldKeys: ['basic-supplies'],
    admittedAt: '2026-03-01T09:30:00.000Z',
  };
  const added = { ...data, grade: 1, identifiers: [{ ...data.identifiers[0], since: '1990-01-01' }] };

  it('lets pass properties that it does not know, at every depth; a writer is held to those of the contract', () => {
    expect(Value.Check(organisationAdmittedV1.schema, data)).toBe(true);
    expect(Value.Check(organisationAdmittedV1.schema, added)).toBe(false);
    expect(Value.Check(readerSchema(organisationAdmittedV1.schema), added)).toBe(true);
  });

  it.each([
    ['a missing property', { ...added, name: undefined }],
    ['an unknown kind', { ...added, kind: 'private-person' }],
    ['a wrong type within a list', { ...added, identifiers: [{ scheme: 'lei', number: 7 }] }],
    ['a local time', { ...added, admittedAt: '2026-03-01T09:30:00+01:00' }],
    ['an id that is none', { ...added, organisationId: '3c6f2a4e' }],
  ])('refuses %s', (_, broken) => {
    expect(Value.Check(readerSchema(organisationAdmittedV1.schema), broken)).toBe(false);
  });
});
