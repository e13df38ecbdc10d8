import type { BuiltProblem } from './build-problem';
import { unservedNeeds } from './explanation';
import type { DataOf } from './matching-round.events';
import { proposalsOf } from './proposals';
import type { RoundInputs } from './round-inputs';
import { ROUND_METHOD } from './round-method';
import { piecesOf } from './round-pieces';
import type { SolvedWeeks } from './solve-weeks';

/** What comes of a round, in the form in which it is recorded. */
export interface RoundResult {
  readonly proposed: readonly DataOf<'RoundProposed'>[];
  readonly unserved: readonly DataOf<'RoundUnserved'>[];
  readonly solved: Omit<DataOf<'RoundSolved'>, 'milliseconds'>;
}

/**
 * What is proposed and what is left unserved, explained and cut into pieces, with the figures of the solve. `sha256` gives
 * the digest of a text.
 */
export function roundResult(
  inputs: RoundInputs,
  built: BuiltProblem,
  weeks: readonly SolvedWeeks[],
  sha256: (text: string) => string,
): RoundResult {
  const [proposals, unserved] = [proposalsOf(inputs, built, weeks), unservedNeeds(inputs, built, weeks)];
  const { problem } = built;
  return {
    // Proposals have no fields but those that the event has.
    proposed: piecesOf(proposals).map((some, piece) => ({ piece, proposals: some }) as DataOf<'RoundProposed'>),
    unserved: piecesOf(unserved).map((some, piece) => ({ piece, unserved: some }) as DataOf<'RoundUnserved'>),
    solved: {
      method: ROUND_METHOD,
      weeks: weeks.map((some) => figuresOf(some, problem.weeks)),
      certificateDigest: sha256(weeks.map(({ certificate }) => certificate).join('\n')),
      ...{ pairs: problem.pairNeed.length, proposals: proposals.length, unserved: unserved.length },
    },
  };
}

function figuresOf(
  { weeks, servedMinutes, objective, bound, isOptimal }: SolvedWeeks,
  names: readonly string[],
): DataOf<'RoundSolved'>['weeks'][number] {
  const [from, to] = [names[weeks[0] as number] as string, names[weeks.at(-1) as number] as string];
  return { from, to, servedMinutes: [...servedMinutes], objective, bound, isOptimal };
}
