import { parentPort } from 'node:worker_threads';
import { buildProblem } from './build-problem';
import { KeptBasis } from './kept-basis';
import { inputsOf } from './round-inputs-text';
import { roundResult } from './round-result';
import { sha256 } from './sha256.worker';
import { solveWeeks } from './solve-weeks';

/** What the thread is given to do; it answers with the `RoundResult`. */
export interface RoundTask {
  /** In their canonical form: the very text that was digested. */
  readonly inputs: string;
  /** Of the solver. */
  readonly timeLimitMs: number;
  /** Shared: at 0, what is not 0 tells it to stop; at 1, it tells how many weeks are done. */
  readonly signals: Int32Array;
}

const kept = new KeptBasis();

// What fails ends the thread, so that nothing half done is left for the next round: that one begins a new thread.
parentPort?.on('message', ({ inputs: text, timeLimitMs, signals }: RoundTask) => {
  const inputs = inputsOf(text);
  const built = buildProblem(inputs);
  const endsAtMs = performance.now() + timeLimitMs;
  const solved = solveWeeks(built.problem, {
    shouldStop: () => Atomics.load(signals, 0) !== 0 || performance.now() > endsAtMs,
    onWeek: (weeksDone) => Atomics.store(signals, 1, weeksDone),
    kept,
  });
  parentPort?.postMessage(roundResult(inputs, built, solved, sha256));
});
