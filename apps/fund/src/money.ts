import { type Static, Type } from '@sinclair/typebox';
import { closed } from './event-fields';

/** Another currency is added here, and nowhere else. */
export const currency = Type.Union([Type.Literal('EUR')]);
export type Currency = Static<typeof currency>;

const mostCents = 9_007_199_254_740_991;

/** An amount of money in whole cents, not negative. */
export const money = closed({ cents: Type.Integer({ minimum: 0, maximum: mostCents }), currency });
export const positiveMoney = closed({ cents: Type.Integer({ minimum: 1, maximum: mostCents }), currency });
export type Money = Static<typeof money>;

/** Throws on different currencies and on what no longer is an exact number: commands are checked before. */
export function plus(a: Money, b: Money): Money {
  return exactly(a.cents + b.cents, inOneCurrency(a, b));
}

/** Throws as `plus` does, and when more is taken than is there. */
export function minus(a: Money, b: Money): Money {
  return exactly(a.cents - b.cents, inOneCurrency(a, b));
}

/** Of nothing it is nothing, in that currency. */
export function sum(amounts: Iterable<Money>, of: Currency): Money {
  let total: Money = { cents: 0, currency: of };
  for (const amount of amounts) total = plus(total, amount);
  return total;
}

/** Whether the first is no more than the second. Throws on different currencies. */
export function atMost(a: Money, b: Money): boolean {
  inOneCurrency(a, b);
  return a.cents <= b.cents;
}

/** So many ten-thousandths of it (2,000 are 20 %), rounded once, at the end. */
export function share(of: Money, basisPoints: number, rounding: 'down' | 'half-up'): Money {
  const tenThousandths = BigInt(of.cents) * BigInt(basisPoints) + (rounding === 'half-up' ? 5_000n : 0n);
  return exactly(Number(tenThousandths / 10_000n), of.currency);
}

/** `1,234.56 EUR`, for the words of refusals. */
export function inWords({ cents, currency }: Money): string {
  const digits = String(cents).padStart(3, '0');
  const units = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${units}.${digits.slice(-2)} ${currency}`;
}

function inOneCurrency(a: Money, b: Money): Currency {
  if (a.currency !== b.currency) throw new Error(`${inWords(a)} and ${inWords(b)} are of different currencies.`);
  return a.currency;
}

function exactly(cents: number, currency: Currency): Money {
  if (!Number.isSafeInteger(cents) || cents < 0) throw new Error(`${cents} cents are no amount of money.`);
  return { cents, currency };
}
