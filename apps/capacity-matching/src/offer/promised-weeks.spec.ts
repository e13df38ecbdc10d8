import { addWeeks, weeksFrom } from '@alliance/calendar';
import fc from 'fast-check';
import { pastUpTo, type PastWeeks, promisedByWeek } from './promised-weeks';

const FIRST = '2026-W50';
const weeks = weeksFrom(FIRST, addWeeks(FIRST, 9));

/** What an offer promises from some moment on, and how many weeks go by before that. */
const change = fc.record({
  later: fc.integer({ min: 0, max: 4 }),
  promise: fc.dictionary(fc.constantFrom(...weeks), fc.integer({ min: 1, max: 600 })),
});

describe('what an offer promised of its weeks', () => {
  it('is of each week what was in force when it ended, whatever follows, and nothing before it was published', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        let [now, promise] = [FIRST, new Map<string, number>()];
        let past: PastWeeks = { before: FIRST, weeks: [] };
        const inForceAtEnd = new Map<string, ReadonlyMap<string, number>>();
        for (const { later, promise: next } of changes) {
          const since = now;
          now = addWeeks(now, later);
          past = pastUpTo(past, promise, now);
          for (const week of weeks) if (since <= week && week < now) inForceAtEnd.set(week, promise);
          promise = new Map(Object.entries(next));
        }
        for (const week of weeks) if (week >= now) inForceAtEnd.set(week, promise);
        const promised = promisedByWeek(past, promise);
        for (const week of weeks) expect(promised.get(week) ?? 0).toBe(inForceAtEnd.get(week)?.get(week) ?? 0);
      }),
    );
  });
});
