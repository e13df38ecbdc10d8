import fc from 'fast-check';
import type { Application } from './application.events';
import { doubleFunding, type FundedLine, unexplained } from './double-funding';
import { euros, theApplication } from './grant.given';

const [line] = theApplication.lines;
const ours = (more: Partial<Application['lines'][number]> = {}) => {
  if (line === undefined) throw new Error('The application has no lines.');
  return { ...line, from: '2026-04-01', to: '2026-12-31', ...more };
};
const theirs = (more: Partial<FundedLine> = {}): FundedLine => ({
  grantId: '11111111-0000-4000-8000-000000000000',
  lineKey: 'staff',
  from: '2026-10-01',
  to: '2027-03-31',
  requested: euros(5_000),
  stage: 'submitted',
  ...more,
});

const day = fc
  .integer({ min: 0, max: 40 })
  .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10));
const period = fc.tuple(day, day).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }));
const anyLine = fc.record({
  key: fc.constantFrom('staff', 'rent', 'travel'),
  period,
  requested: fc.constantFrom(0, 1, 500).map(euros),
});
type AnyLine = { key: string; period: { from: string; to: string }; requested: ReturnType<typeof euros> };
const asOurs = ({ key, period: { from, to }, requested }: AnyLine) => ours({ key, from, to, requested });
/** Of what is submitted, what asks for something is known as a funded line. */
const asTheirs = (lines: readonly AnyLine[], grantId: string) =>
  lines
    .filter(({ requested }) => requested.cents > 0)
    .map(({ key, period: { from, to }, requested }) => theirs({ grantId, lineKey: key, from, to, requested }));
const anyLines = fc.array(anyLine, { maxLength: 6 });

describe('double funding: same cost line and overlapping period of the same recipient', () => {
  it('is shown with the other grant, its line and where it stands', () => {
    expect(doubleFunding([ours()], [theirs()])).toEqual([theirs()]);
  });

  it('needs the same line, a day in common, and money that is asked for', () => {
    expect(doubleFunding([ours({ key: 'rent' })], [theirs()])).toEqual([]);
    expect(doubleFunding([ours()], [theirs({ from: '2027-01-01' })])).toEqual([]);
    expect(doubleFunding([ours()], [theirs({ from: '2026-12-31' })])).toHaveLength(1);
    expect(doubleFunding([ours({ requested: euros(0) })], [theirs()])).toEqual([]);
  });

  it('is the same seen from either grant', () => {
    fc.assert(
      fc.property(anyLines, anyLines, (a, b) => {
        const seenFromA = doubleFunding(a.map(asOurs), asTheirs(b, 'b'));
        const seenFromB = doubleFunding(b.map(asOurs), asTheirs(a, 'a'));
        expect(seenFromA.length > 0).toBe(seenFromB.length > 0);
      }),
    );
  });

  it('is never lost by a merge, which only brings more lines to the same recipient, in whatever order', () => {
    fc.assert(
      fc.property(anyLines, anyLines, anyLines, (a, b, c) => {
        const [before, merged] = [asTheirs(b, 'b'), asTheirs(c, 'c')];
        const found = doubleFunding(a.map(asOurs), before);
        const foundAfter = doubleFunding(a.map(asOurs), [...merged, ...before]);
        expect(foundAfter).toEqual(expect.arrayContaining([...found]));
        expect(new Set(doubleFunding(a.map(asOurs), [...before, ...merged]))).toEqual(new Set(foundAfter));
      }),
    );
  });

  it('is explained line by line, wherever the other grant stands meanwhile', () => {
    const found = [theirs(), theirs({ grantId: '22222222-0000-4000-8000-000000000000' })];
    expect(unexplained(found, [theirs({ stage: 'contracted' })])).toEqual([found[1]]);
    expect(unexplained(found, [theirs({ requested: euros(4_999) })])).toEqual(found);
    expect(unexplained(found, found)).toEqual([]);
  });
});
