import { Value } from '@sinclair/typebox/value';
import { allFrom } from './merge.given';
import { organisationEvents } from './organisation.events';
import { organisationId, tafel } from './organisation.given';

const other = '11111111-1111-4111-8111-111111111111';

describe('merges of before organisations could name a parent', () => {
  const { parentOrganisationId: _, ...factsFrom } = allFrom('absorbed');
  const merge = { attempt: 2, factsFrom };
  const decided = { ...merge, intoOrganisationId: other, reasonCode: 'duplicate', decidedBy: 'coordinator-1' };
  const absorbed = { ...merge, organisationId, absorbedFacts: tafel, facts: tafel };

  it.each([
    ['MergeDecided', decided],
    ['OrganisationAbsorbed', absorbed],
  ] as const)('are read as taking it from the surviving record (%s)', (type, data) => {
    const { schema, upcasters } = organisationEvents.definitions[type];
    const upcast = upcasters.reduce<unknown>((older, next) => next(older as never), data);
    expect(Value.Check(schema, upcast)).toBe(true);
    expect(upcast).toEqual({ ...data, factsFrom: { ...factsFrom, parentOrganisationId: 'survivor' } });
  });
});
