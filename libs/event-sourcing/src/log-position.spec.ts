import fc from 'fast-check';
import { comparePositions, formatPosition, parsePosition } from './log-position';

const position = fc.record({ commit: fc.bigInt(0n, 2n ** 62n), prepare: fc.bigInt(0n, 2n ** 62n) });

describe('log position', () => {
  it('survives the way through a header', () => {
    fc.assert(fc.property(position, (p) => expect(parsePosition(formatPosition(p))).toEqual(p)));
  });

  it.each(['', '1', '1/', '/1', '-1/1', '1/1/1', '1.5/2', '0x1/2', ' 1/2', '99999999999999999999/1'])(
    'refuses "%s"',
    (text) => expect(parsePosition(text)).toBeUndefined(),
  );

  it('orders by commit, then by prepare, totally', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(comparePositions(a, b) + comparePositions(b, a)).toBe(0);
        const [first, second] = [a, b].sort(comparePositions) as [typeof a, typeof b];
        expect(
          first.commit < second.commit || (first.commit === second.commit && first.prepare <= second.prepare),
        ).toBe(true);
      }),
    );
  });
});
