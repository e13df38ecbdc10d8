import { addDays, daysBetween } from '@alliance/calendar';
import type { Money } from '../money';
import type { Terms } from '../terms';

/** Of a year of 365 days, and of one whole in ten-thousandths. */
const divisor = 365n * 10_000n;

/**
 * Simple interest on what is paid late (act/365): for each day after the one on which it was due, that of the payment
 * included, by the rate in force on that day; none before the first rate. Rounded once, at the end, half up.
 */
export function interestOn(principal: Money, dueOn: string, receivedOn: string, rates: Terms['interest']): Money {
  // Also where the day after it would be in the year 10,000.
  if (receivedOn <= dueOn) return { ...principal, cents: 0 };
  const periods = [...rates].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const [begin, end] = [addDays(dueOn, 1), addDays(receivedOn, 1)];
  let owed = 0n;
  for (const [index, { validFrom, basisPoints }] of periods.entries()) {
    const next = periods[index + 1]?.validFrom ?? end;
    const [from, to] = [validFrom > begin ? validFrom : begin, next < end ? next : end];
    if (from < to) owed += BigInt(principal.cents) * BigInt(basisPoints) * BigInt(daysBetween(from, to));
  }
  return { cents: Number((2n * owed + divisor) / (2n * divisor)), currency: principal.currency };
}
