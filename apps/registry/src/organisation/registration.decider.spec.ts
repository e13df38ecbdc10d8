import { fold, given, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { context } from './organisation.given';
import { registration, type RegistrationCommand, type RegistrationState } from './registration.decider';

const one = { organisationId: '11111111-1111-4111-8111-111111111111', attempt: 1 };
const other = { organisationId: '22222222-2222-4222-8222-222222222222', attempt: 1 };
const claim = (data: typeof one): RegistrationCommand => ({
  type: 'ClaimRegistration',
  data,
  context: context('coordinator-1'),
});
const release = (data: typeof one): RegistrationCommand => ({ ...claim(data), type: 'ReleaseRegistration' });
const claimed = (data: typeof one) => ({ type: 'RegistrationClaimed', data }) as const;

describe('a registration', () => {
  it('is claimed when it is free, and the same claim again changes nothing', () => {
    expect(given(registration.decider, []).when(claim(one))).toEqual([claimed(one)]);
    expect(given(registration.decider, [claimed(one)]).when(claim(one))).toEqual([]);
  });

  it('is refused to another organisation, naming the holder', () => {
    expect(given(registration.decider, [claimed(one)]).when(claim(other))).toMatchObject({
      refused: 'conflict',
      code: 'ORGANISATION_IDENTIFIER_TAKEN',
      data: { heldBy: one.organisationId },
    });
  });

  it('goes over to a later attempt of its holder, and what is left of the earlier one does not touch it', () => {
    const later = { ...one, attempt: 2 };
    expect(given(registration.decider, [claimed(one)]).when(claim(later))).toEqual([claimed(later)]);
    expect(given(registration.decider, [claimed(one), claimed(later)]).when(release(one))).toEqual([]);
    expect(given(registration.decider, [claimed(one), claimed(later)]).when(claim(one))).toEqual([]);
  });

  it('is released by its holder only', () => {
    expect(given(registration.decider, [claimed(one)]).when(release(other))).toEqual([]);
    expect(given(registration.decider, [claimed(one)]).when(release(one))).toEqual([
      { type: 'RegistrationReleased', data: one },
    ]);
    expect(given(registration.decider, []).when(release(one))).toEqual([]);
  });

  it('never changes hands without a release, in whatever order claims and releases come', () => {
    const someCommand = fc
      .record({ release: fc.boolean(), holder: fc.constantFrom(one, other), attempt: fc.integer({ min: 1, max: 3 }) })
      .map((it) => (it.release ? release : claim)({ ...it.holder, attempt: it.attempt }));
    fc.assert(
      fc.property(fc.array(someCommand, { maxLength: 30 }), (commands) => {
        let state: RegistrationState = registration.decider.initialState;
        for (const command of commands) {
          const decision = registration.decider.decide(command, state);
          if (isRefusal(decision)) continue;
          const next = fold(registration.decider.evolve, state, decision);
          if (state.stage === 'held' && next.stage === 'held') {
            expect(next.organisationId).toBe(state.organisationId);
            expect(next.attempt).toBeGreaterThanOrEqual(state.attempt);
          }
          state = next;
        }
      }),
    );
  });
});
