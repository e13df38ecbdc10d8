import fc from 'fast-check';
import { piecesOf } from './round-pieces';

const MIB = 2 ** 20;

describe('A list that is cut into pieces', () => {
  it('keeps its order, and as few pieces as fit into an append one after the other', () => {
    const text = fc.integer({ min: 0, max: 200_000 }).map((length) => 'x'.repeat(length));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (items) => {
        const pieces = piecesOf(items);
        expect(pieces.flat()).toEqual(items);
        const sizes = pieces.map((piece) => JSON.stringify(piece).length);
        for (const size of sizes) expect(size).toBeLessThan(MIB / 3);
        for (const [at, next] of pieces.slice(1).entries()) {
          expect(next.length).toBeGreaterThan(0);
          expect((sizes[at] as number) + JSON.stringify(next[0]).length).toBeGreaterThan(300_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is no piece at all when it is empty', () => {
    expect(piecesOf([])).toEqual([]);
  });
});
