import { weekOf, weeksBetween } from '@alliance/calendar';
import { MOST_WEEKS } from '../event-fields';
import { minutesByWeek, totalMinutes } from '../weekly-minutes';
import type { NeedFacts } from './need.events';

/** What is wrong with a field besides its form, and what would be right. */
interface FactFault {
  readonly field: string;
  readonly expected: string;
}

/** All that is wrong with the facts of a need that is told of on a day (in Berlin). */
export function needFaults(facts: NeedFacts, today: string): readonly FactFault[] {
  const faults: FactFault[] = [];
  const fault = (field: string, expected: string) => faults.push({ field, expected });
  const { from, until, neededBy, mustSkills, niceSkills, languages } = facts;
  if (until < from) fault('until', `must not come before from, which is ${from}`);
  else if (until < today) fault('until', `must not be past; today is ${today}`);
  else if (weeksBetween(weekOf(from), weekOf(until)) >= MOST_WEEKS) {
    fault('until', `must be within ${MOST_WEEKS} weeks of from, which is ${from}`);
  } else if (totalMinutes(minutesByWeek(facts)) === 0) {
    fault('weekdays', `must have a day between ${from} and ${until}`);
  }
  if (neededBy < today) fault('neededBy', `must not be past; today is ${today}`);
  else if (until >= from && (neededBy < from || neededBy > until)) {
    fault('neededBy', `must be from ${from} to ${until}, when help is needed at all`);
  }
  const named = [...mustSkills.map(({ key }) => key)];
  mustSkills.forEach(({ key }, at) => {
    if (named.indexOf(key) < at) fault(`mustSkills[${at}]`, `must not repeat mustSkills[${named.indexOf(key)}]`);
  });
  niceSkills.forEach(({ key }, at) => {
    if (named.includes(key)) fault(`niceSkills[${at}]`, 'must not repeat a skill that is named before');
    named.push(key);
  });
  const tags = languages.map(({ tag }) => tag);
  tags.forEach((tag, at) => {
    if (tags.indexOf(tag) < at) fault(`languages[${at}]`, `must not repeat languages[${tags.indexOf(tag)}]`);
  });
  return faults;
}
