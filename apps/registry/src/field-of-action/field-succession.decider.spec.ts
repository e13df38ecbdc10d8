import { dayBefore } from '@alliance/calendar';
import { type CommandContext, fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import type { FieldSuccession, FieldSuccessionEvent } from './field-of-action.events';
import { fieldSuccession, type SucceedFields } from './field-succession.decider';
import { stepsOf } from './field-succession.policy';

const context: CommandContext = {
  commandId: '00000000-0000-4000-8000-000000000001',
  correlationId: 'spec',
  causationId: 'spec',
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
  at: '2026-03-01T10:00:00.000Z',
};
const since2022 = (...keys: string[]) => keys.map((key) => ({ key, validFrom: '2022-03-01' }));
const names = { nameDe: 'Notunterkunft', nameEn: 'Emergency shelter' };
const split: FieldSuccession = {
  effectiveOn: '2023-01-01',
  predecessorKeys: ['accommodation'],
  successors: [{ key: 'shelter', names }, { key: 'housing' }],
};
const succeeded = (data: FieldSuccession): FieldSuccessionEvent => ({ type: 'FieldsSucceeded', data });
const succeed = (
  succession: FieldSuccession,
  fields: SucceedFields['data']['fields'] = since2022('accommodation', 'housing'),
): SucceedFields => ({ type: 'SucceedFields', data: { ...succession, fields }, context });

describe('a succession of fields of action', () => {
  it('splits a field, adding what is new and ending the old one on the day before', () => {
    expect(given(fieldSuccession.decider, []).when(succeed(split))).toEqual([succeeded(split)]);
    expect(stepsOf(split)).toEqual([
      { type: 'AddFieldOfAction', target: 'shelter', data: { key: 'shelter', ...names, validFrom: '2023-01-01' } },
      {
        type: 'RetireFieldOfAction',
        target: 'accommodation',
        data: { validTo: '2022-12-31', successorKeys: ['shelter', 'housing'] },
      },
    ]);
  });

  it('merges fields into one', () => {
    const merge = { effectiveOn: '2023-01-01', predecessorKeys: ['a', 'b'], successors: [{ key: 'c' }] };
    const decided = given(fieldSuccession.decider, []).when(succeed(merge, since2022('a', 'b', 'c')));
    expect(decided).toEqual([succeeded(merge)]);
    expect(stepsOf(merge).map(({ type, target }) => [type, target])).toEqual([
      ['RetireFieldOfAction', 'a'],
      ['RetireFieldOfAction', 'b'],
    ]);
  });

  it('is decided once', () => {
    expect(given(fieldSuccession.decider, [succeeded(split)]).when(succeed(split))).toEqual([]);
    const other = { ...split, successors: [{ key: 'housing' }] };
    expect(given(fieldSuccession.decider, [succeeded(split)]).when(succeed(other))).toMatchObject({
      refused: 'conflict',
      code: 'FIELD_OF_ACTION_ENDED',
      data: { key: 'accommodation', validTo: '2022-12-31' },
    });
  });

  it.each<[string, Partial<FieldSuccession>]>([
    ['FIELD_SUCCESSION_CIRCULAR', { successors: [{ key: 'accommodation' }] }],
    ['FIELD_OF_ACTION_UNKNOWN', { predecessorKeys: ['unheard-of'] }],
    ['FIELD_OF_ACTION_UNKNOWN', { successors: [{ key: 'unheard-of' }] }],
    ['FIELD_OF_ACTION_KEY_TAKEN', { successors: [{ key: 'housing', names }] }],
    ['FIELD_SUCCESSION_TOO_EARLY', { effectiveOn: '2022-03-01' }],
  ])('is refused with %s: %j', (code, fault) => {
    expect(given(fieldSuccession.decider, []).when(succeed({ ...split, ...fault }))).toMatchObject({ code });
  });

  it('lets a field end on its first day, and not end again', () => {
    const fields = [{ key: 'accommodation', validFrom: '2022-03-01', validTo: '2022-06-30' }, ...since2022('housing')];
    const on = (effectiveOn: string) =>
      given(fieldSuccession.decider, []).when(succeed({ ...split, effectiveOn }, fields));
    expect(isRefusal(on('2022-03-02'))).toBe(false);
    expect(isRefusal(on('2022-07-01'))).toBe(false);
    expect(on('2022-07-02')).toMatchObject({ code: 'FIELD_OF_ACTION_ENDED' });
  });

  it('needs successors that are valid on that day', () => {
    const later = [...since2022('accommodation'), { key: 'housing', validFrom: '2023-01-02' }];
    expect(given(fieldSuccession.decider, []).when(succeed(split, later))).toMatchObject({
      code: 'FIELD_SUCCESSOR_NOT_VALID',
      data: { key: 'housing' },
    });
    const back = { effectiveOn: '2023-02-01', predecessorKeys: ['housing'], successors: [{ key: 'accommodation' }] };
    expect(given(fieldSuccession.decider, [succeeded(split)]).when(succeed(back))).toMatchObject({
      code: 'FIELD_SUCCESSOR_NOT_VALID',
    });
  });

  it('does not end a field before the day on which it took the place of another', () => {
    const early = { effectiveOn: '2022-06-01', predecessorKeys: ['housing'], successors: [{ key: 'care' }] };
    const fields = since2022('housing', 'care');
    expect(given(fieldSuccession.decider, [succeeded(split)]).when(succeed(early, fields))).toMatchObject({
      code: 'FIELD_SUCCESSION_TOO_EARLY',
      data: { key: 'housing', firstDay: '2023-01-01' },
    });
  });

  it('never makes a circle: every field outlives those whose place it took', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 2 });
    const wish = fc.record({
      effectiveOn: fc.constantFrom('2023-01-01', '2023-02-01', '2023-03-01', '2023-04-01'),
      predecessorKeys: keys,
      successors: keys.map((some) => some.map((one) => ({ key: one }))),
    });
    const fields = since2022('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        const { decider } = fieldSuccession;
        let state = decider.initialState;
        for (const one of wishes) {
          const decided = decider.decide(succeed(one, fields), state);
          if (!isRefusal(decided)) state = fold(decider.evolve, state, decided);
        }
        const endOf = (field: string) => {
          const end = state.successions.find(({ predecessorKeys }) => predecessorKeys.includes(field));
          return end === undefined ? '9999-12-31' : dayBefore(end.effectiveOn);
        };
        for (const { predecessorKeys, successors } of state.successions) {
          for (const old of predecessorKeys) {
            for (const successor of successors) expect(endOf(successor.key) > endOf(old)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
