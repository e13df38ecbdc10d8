import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { atMost, inWords, minus, type Money, money, plus, positiveMoney, share, sum } from './money';

const eur = (cents: number): Money => ({ cents, currency: 'EUR' });
const amount = fc.integer({ min: 0, max: 1_000_000_000_000 }).map(eur);
const foreign = { cents: 1, currency: 'UAH' } as unknown as Money;

describe('money: integer cents, currency', () => {
  it.each([-1, 0.5, 2 ** 53, NaN])('is never %p cents', (cents) => {
    expect(Value.Check(money, { cents, currency: 'EUR' })).toBe(false);
  });

  it('is of a currency that the fund keeps', () => {
    expect(Value.Check(money, { cents: 1, currency: 'EUR' })).toBe(true);
    expect(Value.Check(money, foreign)).toBe(false);
    expect(Value.Check(money, { cents: 1 })).toBe(false);
  });

  it('is at least a cent where something is given', () => {
    expect(Value.Check(positiveMoney, eur(0))).toBe(false);
    expect(Value.Check(positiveMoney, eur(1))).toBe(true);
  });

  it('comes back when it is added and taken away', () => {
    fc.assert(fc.property(amount, amount, (a, b) => expect(minus(plus(a, b), b)).toEqual(a)));
  });

  it('sums to the same in any order', () => {
    fc.assert(
      fc.property(fc.array(amount), (amounts) => {
        const cents = amounts.reduce((total, one) => total + BigInt(one.cents), 0n);
        expect(sum(amounts, 'EUR')).toEqual(eur(Number(cents)));
        expect(sum([...amounts].reverse(), 'EUR')).toEqual(eur(Number(cents)));
      }),
    );
  });

  it('is never negative, inexact or of two currencies', () => {
    expect(() => minus(eur(1), eur(2))).toThrow('-1 cents');
    expect(() => plus(eur(Number.MAX_SAFE_INTEGER), eur(1))).toThrow('no amount');
    expect(() => plus(eur(1), foreign)).toThrow('different currencies');
    expect(() => minus(eur(1), foreign)).toThrow('different currencies');
    expect(() => atMost(eur(1), foreign)).toThrow('different currencies');
  });

  it('is compared by its cents', () => {
    fc.assert(fc.property(amount, amount, (a, b) => expect(atMost(a, b)).toBe(a.cents <= b.cents)));
  });

  it('is shared without losing a cent to rounding: up and down lie around the exact share', () => {
    const basisPoints = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(amount, basisPoints, (of, points) => {
        const exact = BigInt(of.cents) * BigInt(points);
        const down = BigInt(share(of, points, 'down').cents) * 10_000n;
        const halfUp = BigInt(share(of, points, 'half-up').cents) * 10_000n;
        expect(down <= exact && exact - down < 10_000n).toBe(true);
        expect(exact - halfUp <= 5_000n && halfUp - exact <= 5_000n).toBe(true);
      }),
    );
    expect(share(eur(1), 5_000, 'half-up')).toEqual(eur(1));
    expect(share(eur(1), 5_000, 'down')).toEqual(eur(0));
  });

  it('is exact where cents times ten-thousandths are no longer an exact number', () => {
    expect(share(eur(9_007_199_254_740_991), 10_000, 'down')).toEqual(eur(9_007_199_254_740_991));
  });

  it.each([
    [0, '0.00 EUR'],
    [7, '0.07 EUR'],
    [123_456, '1,234.56 EUR'],
    [99_999_900, '999,999.00 EUR'],
    [100_000_000, '1,000,000.00 EUR'],
  ])('of %p cents reads %p', (cents, words) => expect(inWords(eur(cents))).toBe(words));
});
