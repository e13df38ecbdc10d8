import type { Clock } from '@alliance/event-sourcing';
import type { World } from './world';

/** The world answered with a fault that passes. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
}

const CRASH = 0.004;
const FAULT = 0.03;
const LOST_ANSWER = 0.02;

/**
 * A process that runs production code. All that it does to the world are effects; before and after each of them it may
 * crash. What it waited for then never comes, as with a process that is no more.
 */
export class SimulatedProcess {
  private alive = true;
  private readonly whenDead: (() => void)[] = [];

  constructor(readonly world: World) {}

  get isAlive(): boolean {
    return this.alive;
  }

  onDeath(then: () => void): void {
    this.whenDead.push(then);
  }

  crash(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const then of this.whenDead) then();
  }

  /** Something happens in the world, in a moment; or fails; or happens and the answer is lost; or the process ends. */
  effect<Result>(
    apply: () => Result,
    fault: (message: string) => Error = (text) => new PassingFault(text),
  ): Promise<Result> {
    const { world } = this;
    return new Promise((resolve, reject) => {
      this.later(() => {
        if (world.mishap(CRASH)) return this.crash();
        if (world.mishap(FAULT)) return reject(fault('It did not happen.'));
        let result: Result;
        try {
          result = apply();
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (world.mishap(CRASH)) return this.crash();
        const answer = world.mishap(LOST_ANSWER) ? () => reject(fault('The answer was lost.')) : () => resolve(result);
        this.later(answer);
      });
    });
  }

  readonly clock: Clock = {
    now: () => new Date(Date.UTC(2026, 0, 1) + this.world.nowMs),
    random: () => this.world.random(),
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          if (this.alive) resolve();
        };
        signal?.addEventListener('abort', wake);
        this.world.later(durationMs, wake);
      }),
  };

  private later(happen: () => void): void {
    this.world.later(this.world.latency(), () => {
      if (this.alive) happen();
    });
  }
}
