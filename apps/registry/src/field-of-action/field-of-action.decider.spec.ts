import { type CommandContext, given } from '@alliance/event-sourcing';
import { fieldOfAction, type FieldOfActionCommand } from './field-of-action.decider';

const context: CommandContext = {
  commandId: '00000000-0000-4000-8000-000000000001',
  correlationId: 'spec',
  causationId: 'spec',
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
  at: '2026-03-01T10:00:00.000Z',
};
const housing = { key: 'housing', nameDe: 'Unterbringung', nameEn: 'Accommodation', validFrom: '2022-03-01' };
const added = { type: 'FieldOfActionAdded', data: housing } as const;
const rename = (nameDe: string, nameEn: string): FieldOfActionCommand => ({
  type: 'RenameFieldOfAction',
  data: { nameDe, nameEn },
  context,
});

describe('a field of action', () => {
  it('is added once under its key', () => {
    const add: FieldOfActionCommand = { type: 'AddFieldOfAction', data: housing, context };
    expect(given(fieldOfAction.decider, []).when(add)).toEqual([added]);
    expect(given(fieldOfAction.decider, [added]).when(add)).toMatchObject({ code: 'FIELD_OF_ACTION_KEY_TAKEN' });
  });

  it.each([{ validFrom: '2022-02-30' }, { validTo: '2022-02-28' }, { validTo: '2022-13-01' }])(
    'is not added with a validity of %j',
    (validity) => {
      const add: FieldOfActionCommand = { type: 'AddFieldOfAction', data: { ...housing, ...validity }, context };
      expect(given(fieldOfAction.decider, []).when(add)).toMatchObject({ code: 'FIELD_OF_ACTION_VALIDITY_WRONG' });
    },
  );

  it('gets other names under the same key, with what else is known of it', () => {
    expect(given(fieldOfAction.decider, [added]).when(rename('Wohnen', 'Housing'))).toEqual([
      { type: 'FieldOfActionRenamed', data: { ...housing, nameDe: 'Wohnen', nameEn: 'Housing' } },
    ]);
    expect(given(fieldOfAction.decider, [added]).when(rename('Unterbringung', 'Accommodation'))).toEqual([]);
    expect(given(fieldOfAction.decider, []).when(rename('Wohnen', 'Housing'))).toMatchObject({
      refused: 'not-found',
      code: 'FIELD_OF_ACTION_UNKNOWN',
    });
  });

  it('is retired once, and can be renamed afterwards, for what was recorded under it stays readable', () => {
    const data = { validTo: '2022-12-31', successorKeys: ['shelter'] };
    const retire: FieldOfActionCommand = { type: 'RetireFieldOfAction', data, context };
    const retired = { type: 'FieldOfActionRetired', data: { key: 'housing', ...data } } as const;
    expect(given(fieldOfAction.decider, [added]).when(retire)).toEqual([retired]);
    expect(given(fieldOfAction.decider, [added, retired]).when(retire)).toEqual([]);
    expect(given(fieldOfAction.decider, []).when(retire)).toMatchObject({ code: 'FIELD_OF_ACTION_UNKNOWN' });
    const renamed = {
      type: 'FieldOfActionRenamed',
      data: { ...housing, nameDe: 'Wohnen', nameEn: 'Housing', validTo: '2022-12-31' },
    } as const;
    expect(given(fieldOfAction.decider, [added, retired]).when(rename('Wohnen', 'Housing'))).toEqual([renamed]);
    expect(given(fieldOfAction.decider, [added, retired, renamed]).when(retire)).toEqual([]);
  });
});
