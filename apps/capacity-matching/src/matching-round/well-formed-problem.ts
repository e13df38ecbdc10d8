import { MOST_SCORE, type MatchingProblem, SEVERITY_CLASSES } from './matching-problem';

/**
 * Throws a RangeError that names the field where the arrays of a problem do not fit together, since typed arrays would take
 * that silently for 0. That minutes are whole numbers from 0 on, the network checks.
 */
export function assertWellFormed(problem: MatchingProblem): void {
  const [weeks, needs, offers] = [problem.weeks.length, problem.needIds.length, problem.offerIds.length];
  const pairs = problem.pairNeed.length;
  const lengths = {
    ...{ wanted: needs * weeks, mostSupporters: needs * weeks, free: offers * weeks, block: offers * weeks },
    ...{ severityClass: needs, pairOffer: pairs, pairFirstWeek: pairs, pairLastWeek: pairs, pairScore: pairs },
  } as const;
  for (const [field, length] of Object.entries(lengths) as [keyof typeof lengths, number][]) {
    if (problem[field].length !== length)
      throw new RangeError(`${field} has ${problem[field].length} entries; ${length} are needed.`);
  }
  const ranges = [
    ['severityClass', 0, SEVERITY_CLASSES - 1],
    ['pairNeed', 0, needs - 1],
    ['pairOffer', 0, offers - 1],
    ['pairScore', 1, MOST_SCORE],
  ] as const;
  for (const [field, least, most] of ranges) {
    const at = problem[field].findIndex((value) => value < least || value > most);
    if (at >= 0)
      throw new RangeError(`${field} is ${problem[field][at]} at ${at}; it has to be from ${least} to ${most}.`);
  }
}
