/**
 * The number of the rules by which a round follows from what it saw: pairs, scores, the solve with its limits, explanations.
 * It is raised with every change by which the same inputs may come to something else, so that whoever replays an old round
 * can tell other rules from another log. `round-method.spec.ts` fails where that is forgotten.
 */
export const ROUND_METHOD = 2;
