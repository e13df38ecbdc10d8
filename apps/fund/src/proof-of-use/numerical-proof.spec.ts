import fc from 'fast-check';
import { euros } from '../grant/grant.given';
import { numericalProof } from './numerical-proof';

const plan = [
  { key: 'staff', total: euros(10_000) },
  { key: 'rent', total: euros(2_000) },
];
const proofOf = (staff: number, rent: number, tolerance = 20) =>
  numericalProof(
    plan,
    [
      { key: 'staff', spent: euros(staff) },
      { key: 'rent', spent: euros(rent) },
    ],
    tolerance,
  );

describe('the numerical proof along the financing plan', () => {
  it('allows all that was planned', () => {
    expect(proofOf(10_000, 2_000)).toMatchObject({ spent: euros(12_000), disallowed: euros(0), unplanned: [] });
  });

  it('allows a line to be exceeded by the tolerance when another makes up for it', () => {
    expect(proofOf(9_600, 2_400).disallowed).toEqual(euros(0));
    expect(proofOf(9_599, 2_401)).toMatchObject({
      disallowed: euros(1),
      lines: [{ over: euros(0) }, { over: euros(401), allowedOver: euros(400) }],
    });
  });

  it('allows nothing over the plan in total', () => {
    expect(proofOf(10_000, 2_100).disallowed).toEqual(euros(100));
    expect(proofOf(9_950, 2_100).disallowed).toEqual(euros(50));
  });

  it('takes the tolerance from the terms', () => {
    expect(proofOf(9_600, 2_400, 0).disallowed).toEqual(euros(400));
    expect(proofOf(9_000, 3_000, 50).disallowed).toEqual(euros(0));
  });

  it('allows nothing that was not planned, and says what it was', () => {
    const proof = numericalProof(plan, [{ key: 'travel', spent: euros(10) }], 20);
    expect(proof).toMatchObject({ disallowed: euros(10), unplanned: ['travel'] });
  });

  it('takes the periods of one key together', () => {
    const twice = [...plan, { key: 'rent', total: euros(1_000) }];
    expect(numericalProof(twice, [{ key: 'rent', spent: euros(3_000) }], 0).disallowed).toEqual(euros(0));
  });

  it('adds up, whatever was planned and spent', () => {
    const cents = fc.nat(1_000_000).map((n) => ({ cents: n, currency: 'EUR' as const }));
    const key = fc.constantFrom('staff', 'rent', 'travel', 'material');
    const planned = fc.array(fc.record({ key, total: cents }), { minLength: 1, maxLength: 6 });
    const spent = fc.array(fc.record({ key, spent: cents }), { maxLength: 6 });
    fc.assert(
      fc.property(planned, spent, fc.nat(100), (lines, costs, tolerance) => {
        const proof = numericalProof(lines, costs, tolerance);
        const total = (amounts: readonly { readonly cents: number }[]) => amounts.reduce((a, b) => a + b.cents, 0);
        const inPlan = total(lines.map((line) => line.total));
        const allowed = proof.spent.cents - proof.disallowed.cents;
        expect(proof.spent.cents).toBe(total(costs.map((line) => line.spent)));
        expect(allowed).toBeLessThanOrEqual(inPlan);
        let mostByLines = 0;
        for (const line of proof.lines) {
          expect(line.allowedOver.cents * 100).toBeLessThanOrEqual(line.planned.cents * tolerance);
          expect(line.allowedOver.cents).toBeLessThanOrEqual(line.over.cents);
          const limit = line.planned.cents + Math.floor((line.planned.cents * tolerance) / 100);
          mostByLines += Math.min(line.spent.cents, limit);
        }
        // as much is allowed as the lines and the total together let be allowed
        expect(allowed).toBe(Math.min(mostByLines, inPlan));
      }),
    );
  });
});
