import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MatchingProblem } from './matching-problem';
import type { SolverTask } from './solver-thread.worker';
import type { SolvedWeeks } from './solve-weeks';

interface SolverOptions {
  /** After it, the best that was found so far is the result, with its bound. */
  readonly timeLimitMs: number;
  /** Ends the solve in the same way. */
  readonly signal?: AbortSignal;
}

/** A solve that is under way. */
export interface RunningSolve {
  readonly result: Promise<readonly SolvedWeeks[]>;
  /** How many of the problem's weeks are solved. */
  weeksDone(): number;
}

const COMPILED = path.join(__dirname, 'solver-thread.worker.js');
const FROM_SOURCES = path.join(__dirname, 'solver-thread.given.cjs');

/** Solves the weeks in a thread of its own, so that the service goes on answering. The problem is copied to it. */
export function solveInWorker(problem: MatchingProblem, { timeLimitMs, signal }: SolverOptions): RunningSolve {
  const signals = new Int32Array(new SharedArrayBuffer(8));
  const task: SolverTask = { problem, timeLimitMs, signals };
  const worker = new Worker(existsSync(COMPILED) ? COMPILED : FROM_SOURCES, { workerData: task });
  const stop = () => Atomics.store(signals, 0, 1);
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop);
  const result = new Promise<readonly SolvedWeeks[]>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The solver's thread ended with ${code} and no result.`)));
  }).finally(async () => {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  });
  return { result, weeksDone: () => Atomics.load(signals, 1) };
}
