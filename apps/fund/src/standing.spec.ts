import { fold } from '@alliance/event-sourcing';
import fc from 'fast-check';
import type { GrantEvent } from './grant/grant.events';
import { aGrant, ids } from './grant/grant.given';
import { evolveStanding, type StandingState, stricter } from './standing';

const told = (standing: StandingState['standing'], day: number, survivorId = ids.applicant): StandingState => ({
  standing,
  survivorId,
  since: `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`,
});
const changed = (state: StandingState): GrantEvent => ({
  type: 'RecipientStandingChanged',
  data: { organisationId: ids.applicant, ...state },
});

describe("the recipient's standing", () => {
  it('is what the stream told last', () => {
    const before = aGrant({ upTo: 'awarded' });
    expect(fold(evolveStanding, undefined, before)).toBeUndefined();
    const after = [...before, changed(told('suspended', 1)), changed(told('admitted', 2))];
    expect(fold(evolveStanding, undefined, after)).toEqual(told('admitted', 2));
  });

  it('is what the registry told, while the stream says nothing', () => {
    expect(stricter(undefined, told('admitted', 1))).toEqual(told('admitted', 1));
  });

  it('freezes as soon as either of the two tells of a suspension, and thaws when both have heard of its end', () => {
    expect(stricter(told('admitted', 1), told('suspended', 2)).standing).toBe('suspended');
    expect(stricter(told('suspended', 1), told('admitted', 2)).standing).toBe('suspended');
    expect(stricter(told('admitted', 2), told('admitted', 2)).standing).toBe('admitted');
  });

  it('is of the survivor that was named last', () => {
    expect(stricter(told('admitted', 1, 'a'), told('admitted', 2, 'b')).survivorId).toBe('b');
    expect(stricter(told('admitted', 2, 'a'), told('admitted', 1, 'b')).survivorId).toBe('a');
  });

  it('never allows more than either of the two', () => {
    const order = ['admitted', 'unknown', 'suspended', 'left'] as const;
    const state = fc.record({
      standing: fc.constantFrom(...order),
      survivorId: fc.constantFrom('a', 'b'),
      since: fc.integer({ min: 1, max: 28 }).map((day) => told('admitted', day).since),
    });
    fc.assert(
      fc.property(state, state, (a, b) => {
        const result = stricter(a, b);
        expect(order.indexOf(result.standing)).toBe(Math.max(order.indexOf(a.standing), order.indexOf(b.standing)));
        expect(result.since >= a.since && result.since >= b.since).toBe(true);
        expect([a, b].some((one) => one.since === result.since && one.survivorId === result.survivorId)).toBe(true);
      }),
    );
  });
});
