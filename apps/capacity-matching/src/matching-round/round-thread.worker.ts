import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RoundTask } from './inside-round-thread.worker';
import type { RoundResult } from './round-result';

interface SolverOptions {
  /** After it, the best that was found so far is the result, with its bound. */
  readonly timeLimitMs: number;
  /** Ends the solve in the same way. */
  readonly signal?: AbortSignal;
}

/** A round that waits for its turn or is worked on. */
export interface RunningRound {
  readonly result: Promise<RoundResult>;
  /** How many of the round's weeks are solved. */
  weeksDone(): number;
}

const COMPILED = path.join(__dirname, 'inside-round-thread.worker.js');
const FROM_SOURCES = path.join(__dirname, 'inside-round-thread.given.cjs');

/**
 * The thread that finds out what comes of rounds, from their inputs to what is recorded, so that the service goes on
 * answering. It begins with the first round, or before, and is kept for the next ones, with its code compiled hot. Rounds take their
 * turns: two at once would but share the processor, and what is kept between rounds belongs to one at a time. Each gets its
 * whole time limit from when it is solved. When the thread dies, it takes the round in it along and no other.
 */
export class RoundThread {
  private worker: Worker | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  /** Begins the thread, so that it is there when a round comes. */
  open(): void {
    this.worker ??= this.begun();
  }

  /** `inputs`: in their canonical form. */
  run(inputs: string, { timeLimitMs, signal }: SolverOptions): RunningRound {
    const signals = new Int32Array(new SharedArrayBuffer(8));
    const stop = () => Atomics.store(signals, 0, 1);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop);
    const result = this.turn
      .then(() => this.resultOf({ inputs, timeLimitMs, signals }))
      .finally(() => signal?.removeEventListener('abort', stop));
    this.turn = result.catch(() => undefined);
    return { result, weeksDone: () => Atomics.load(signals, 1) };
  }

  /** Ends the thread, and with it the round that is in it. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private async resultOf(task: RoundTask): Promise<RoundResult> {
    const worker = (this.worker ??= this.begun());
    // It holds the process open while it works, and only then.
    worker.ref();
    try {
      return await answerOf(worker, task);
    } catch (error) {
      this.worker = undefined;
      throw error;
    } finally {
      worker.unref();
    }
  }

  private begun(): Worker {
    const worker = new Worker(existsSync(COMPILED) ? COMPILED : FROM_SOURCES);
    // Whoever waits for a result hears of it; without anybody there is nothing to do but to begin another.
    worker.unref();
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }
}

function answerOf(worker: Worker, task: RoundTask): Promise<RoundResult> {
  return new Promise<RoundResult>((resolve, reject) => {
    const died = (code: number) => settle(() => reject(new Error(`The thread of rounds ended with ${code}.`)));
    const failed = (error: Error) => settle(() => reject(error));
    const answered = (result: RoundResult) => settle(() => resolve(result));
    const settle = (end: () => void) => {
      worker.off('message', answered).off('error', failed).off('exit', died);
      end();
    };
    worker.on('message', answered).on('error', failed).on('exit', died);
    worker.postMessage(task);
  });
}
