import { addDays, daysBetween, weekOf, weeksBetween } from '@alliance/calendar';
import { MINUTES_A_WEEK_OF_A_SEAT, MOST_WEEKS } from '../event-fields';
import { minutesByWeek, totalMinutes } from '../weekly-minutes';
import type { OfferFacts } from './offer.events';

/** What is wrong with a field besides its form, and what would be right. */
export interface FactFault {
  readonly field: string;
  readonly expected: string;
}

/** All that is wrong with the facts of an offer that begins to hold on a day (in Berlin). */
export function offerFaults(facts: OfferFacts, today: string): readonly FactFault[] {
  const faults: FactFault[] = [];
  const fault = (field: string, expected: string) => faults.push({ field, expected });
  const { from, until, minutesPerWeek, seats, minimumBlockMinutes, regionKeys, isRemotePossible } = facts;
  if (until < from) fault('until', `must not come before from, which is ${from}`);
  else if (weeksBetween(weekOf(from), weekOf(until)) >= MOST_WEEKS) {
    fault('until', `must be within ${MOST_WEEKS} weeks from ${from}: ${lastDay(from)} at the latest`);
  } else if (until < today) fault('until', `must not be past; today is ${today}`);
  else if (totalMinutes(minutesByWeek(facts)) === 0) {
    fault('weekdays', `must have a day between ${from} and ${until}`);
  }
  const most = seats * MINUTES_A_WEEK_OF_A_SEAT;
  if (minutesPerWeek > most) {
    fault('minutesPerWeek', `must be at most ${most}: a week has ${MINUTES_A_WEEK_OF_A_SEAT} minutes for each seat`);
  }
  if (minimumBlockMinutes !== undefined && minimumBlockMinutes > minutesPerWeek) {
    fault('minimumBlockMinutes', `must be at most minutesPerWeek, which is ${minutesPerWeek}`);
  }
  if (regionKeys.length === 0 && !isRemotePossible) {
    fault('regionKeys', 'must name a region, unless isRemotePossible is true');
  }
  faults.push(
    ...repeated(
      'skills',
      facts.skills.map(({ key }) => key),
    ),
  );
  faults.push(
    ...repeated(
      'languages',
      facts.languages.map(({ tag }) => tag),
    ),
  );
  return faults;
}

/** Keys that stand in a list before. */
function repeated(field: string, keys: readonly string[]): readonly FactFault[] {
  return keys.flatMap((key, at) =>
    keys.indexOf(key) < at
      ? [{ field: `${field}[${at}]`, expected: `must not repeat ${field}[${keys.indexOf(key)}]` }]
      : [],
  );
}

function lastDay(from: string): string {
  const sinceMonday = ((daysBetween('1970-01-05', from) % 7) + 7) % 7;
  return addDays(from, 7 * MOST_WEEKS - sinceMonday - 1);
}
