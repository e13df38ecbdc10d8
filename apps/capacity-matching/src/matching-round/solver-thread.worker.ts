import { parentPort, workerData } from 'node:worker_threads';
import type { MatchingProblem } from './matching-problem';
import { solveWeeks } from './solve-weeks';

/** What the thread is given to do. */
export interface SolverTask {
  readonly problem: MatchingProblem;
  readonly timeLimitMs: number;
  /** Shared: at 0, what is not 0 tells it to stop; at 1, it tells how many weeks are done. */
  readonly signals: Int32Array;
}

const { problem, timeLimitMs, signals } = workerData as SolverTask;
const endsAtMs = performance.now() + timeLimitMs;

const solved = solveWeeks(problem, {
  shouldStop: () => Atomics.load(signals, 0) !== 0 || performance.now() > endsAtMs,
  onWeek: (weeksDone) => Atomics.store(signals, 1, weeksDone),
});
parentPort?.postMessage(
  solved,
  solved.map(({ minutes }) => minutes.buffer as ArrayBuffer),
);
