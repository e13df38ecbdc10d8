import type { Clock } from './clock';
import { systemClock } from './system-clock';

/** The clock of the machine, which a specification can move ahead: who sleeps until then or less wakes at once. */
export class MovableClock implements Clock {
  private aheadMs = 0;
  private readonly sleepers = new Set<() => void>();

  now(): Date {
    return new Date(systemClock.now().getTime() + this.aheadMs);
  }

  moveAhead(byMs: number): void {
    this.aheadMs += byMs;
    for (const look of [...this.sleepers]) look();
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    const wakesAt = this.now().getTime() + durationMs;
    const woken = new AbortController();
    const look = () => this.now().getTime() >= wakesAt && woken.abort();
    this.sleepers.add(look);
    await systemClock.sleep(durationMs, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal);
    this.sleepers.delete(look);
  }

  random(): number {
    return systemClock.random();
  }
}
