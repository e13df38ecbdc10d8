import fc from 'fast-check';
import { backoffMs } from './backoff';

describe('backoff', () => {
  it('stays between half the ceiling and the ceiling, which doubles up to the most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, chance) => {
          const ceilingMs = Math.min(10_000, 100 * 2 ** (failures - 1));
          const waitMs = backoffMs(failures, { random: () => chance });
          expect(waitMs).toBeGreaterThanOrEqual(Math.floor(ceilingMs / 2));
          expect(waitMs).toBeLessThanOrEqual(ceilingMs);
        },
      ),
    );
  });
});
