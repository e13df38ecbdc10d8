import { severityWeights } from '@alliance/capacity-matching';
import { CLASSES, type GeneratedTransport, MOST_SCORE } from './generated-transport';

/** One objective, the sum of scores; or classes of severity in lexicographic order, and scores within. */
export type Objective = 'plain' | 'classes';

/** What a minute of each pair gains. */
export function gainsOf({ demands, capacities, need, score, severity }: GeneratedTransport, objective: Objective) {
  if (objective === 'plain') return score;
  const weights = severityWeights({
    classes: CLASSES,
    mostScore: MOST_SCORE,
    needs: demands.length,
    offers: capacities.length,
    neededMinutes: sumOf(demands),
    offeredMinutes: sumOf(capacities),
  });
  return score.map((one, pair) => one + weights[severity[need[pair]!]!]!);
}

function sumOf(minutes: Float64Array): number {
  return minutes.reduce((sum, one) => sum + one, 0);
}
