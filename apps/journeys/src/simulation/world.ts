import { seededRandom } from './seeded-random';

interface Moment {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

/**
 * A world of its own: time passes when nothing is left to do, chance comes from a seed, and things happen one after the
 * other. The same seed gives the same history.
 */
export class World {
  nowMs = 0;
  /** In a calm world nothing crashes and nothing fails. */
  calm = false;
  private order = 0;
  private readonly moments: Moment[] = [];
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Bad luck: with this probability, and never in a calm world. */
  mishap(probability: number): boolean {
    return this.random() < probability && !this.calm;
  }

  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }

  later(delayMs: number, happen: () => void): void {
    const moment = { atMs: this.nowMs + delayMs, order: (this.order += 1), happen };
    // Sorted from last to first, so that the next one is at the end; few moments wait at a time.
    let place = this.moments.length;
    while (place > 0 && isBefore(this.moments[place - 1], moment)) place -= 1;
    this.moments.splice(place, 0, moment);
  }

  /** A short time, different each time: what was started in one order ends in another. */
  latency(): number {
    return this.chance(0.1) ? this.between(20, 400) : this.between(0, 5);
  }

  /** Lets time pass until the condition holds; `false` when it does not within the time or nothing can happen any more. */
  async passUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
    const end = this.nowMs + withinMs;
    await allMicrotasks();
    while (!condition()) {
      const next = this.moments.at(-1);
      if (next === undefined || next.atMs > end) return false;
      this.moments.pop();
      this.nowMs = next.atMs;
      next.happen();
      await allMicrotasks();
    }
    return true;
  }
}

function isBefore(one: Moment | undefined, other: Moment): boolean {
  return one !== undefined && (one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order));
}

/** Node runs the next tick when no microtask is left: all that could follow from the last moment has followed. */
function allMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
