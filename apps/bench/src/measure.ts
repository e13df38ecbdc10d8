/** One side of a comparison: does the work once and says how long it took, setting up and clearing away untimed. */
export type Side = () => Promise<{ readonly seconds: number; readonly units: number }>;

/** What one round saw: units per second of both sides, and ours divided by the bare one. */
export interface Round {
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
}

/** Figures of one kind over all rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A benchmark's result: how it is judged stands beside its name in the table. */
export interface Outcome {
  readonly spread: Spread;
  /** Everything measured, for `--json`. */
  readonly raw: unknown;
}

export interface Benchmark {
  readonly name: string;
  readonly measure: string;
  readonly unit: '×' | 's' | 'ms' | 'MB' | '%';
  /** The figure must be at least (or at most) the bar; the aim is what we would be glad of. */
  readonly better: 'higher' | 'lower';
  readonly bar: number;
  readonly aim: number;
  run(progress: (line: string) => void): Promise<Outcome>;
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = sorted.length >> 1;
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/**
 * Runs both sides in turn, the first of each pair changing from round to round, after some uncounted rounds of each (one
 * if not said otherwise; code that has to be compiled hot needs more). The ratio is taken within each round, so that a
 * machine whose speed drifts does not favour a side.
 */
export async function compare(
  options: { readonly ours: Side; readonly bare: Side; readonly rounds: number; readonly warmUpRounds?: number },
  progress: (line: string) => void,
): Promise<Outcome> {
  const rate = async (side: Side) => {
    const { seconds, units } = await side();
    return units / seconds;
  };
  for (let index = 0; index < (options.warmUpRounds ?? 1); index += 1) {
    await rate(options.bare);
    await rate(options.ours);
  }
  const rounds: Round[] = [];
  for (let index = 0; index < options.rounds; index += 1) {
    const bareFirst = index % 2 === 0;
    const first = await rate(bareFirst ? options.bare : options.ours);
    const second = await rate(bareFirst ? options.ours : options.bare);
    const [bare, ours] = bareFirst ? [first, second] : [second, first];
    rounds.push({ ours, bare, ratio: ours / bare });
    progress(
      `round ${index + 1}/${options.rounds}: ${ours.toFixed(0)}/s against ${bare.toFixed(0)}/s, ratio ${(ours / bare).toFixed(2)}`,
    );
  }
  return { spread: spreadOf(rounds.map((round) => round.ratio)), raw: rounds };
}

/** Seconds that the work takes. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - startedAt) / 1e9;
}

/** Runs the task `total` times, `concurrency` at a time. */
export async function concurrently(
  total: number,
  concurrency: number,
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < total) {
      const index = next;
      next += 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The figure below which the share lies, by the nearest rank. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
