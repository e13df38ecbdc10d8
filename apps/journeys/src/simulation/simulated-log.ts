import type { EventLog, LogPosition, LogStretches, RecordedEvent } from '@alliance/event-sourcing';
import type { SimulatedProcess } from './simulated-process';

/** Between positions there is room, as there is in a real log. */
const SPACING = 100n;

/** The log of events, shared by all processes. */
export class SimulatedLog {
  readonly events: RecordedEvent[] = [];
  private waiting: (() => void)[] = [];

  append(event: Omit<RecordedEvent, 'revision' | 'position'>): RecordedEvent {
    const place = BigInt(this.events.length + 1) * SPACING;
    const recorded = {
      ...event,
      revision: BigInt(this.events.filter(({ streamName }) => streamName === event.streamName).length),
      position: { commit: place, prepare: place },
    };
    this.events.push(recorded);
    for (const wake of this.waiting.splice(0)) wake();
    return recorded;
  }

  /** How many events stand up to and including the position. */
  countUntil(position: LogPosition | undefined): number {
    return position === undefined ? 0 : Number(position.commit / SPACING);
  }

  seenBy(process: SimulatedProcess): EventLog & LogStretches {
    return {
      follow: (options) => this.follow(process, options),
      isEmptyStretch: (options) => process.effect(() => this.isEmptyStretch(options)),
    };
  }

  private isEmptyStretch({ streamPrefixes, after, upTo }: Parameters<LogStretches['isEmptyStretch']>[0]): boolean {
    const stretch = this.events.slice(this.countUntil(after), this.countUntil(upTo));
    const isForThem = ({ streamName }: RecordedEvent) => streamPrefixes.some((prefix) => streamName.startsWith(prefix));
    return this.events.length >= this.countUntil(upTo) && !stretch.some(isForThem);
  }

  private async *follow(
    process: SimulatedProcess,
    { streamPrefixes, after, maxBatchSize, signal }: Parameters<EventLog['follow']>[0],
  ): ReturnType<EventLog['follow']> {
    const { world, clock } = process;
    let next = this.countUntil(after);
    while (!signal.aborted) {
      await clock.sleep(world.latency(), signal);
      if (next >= this.events.length) await this.more(signal);
      const given = this.events.slice(next, next + world.between(1, Math.min(maxBatchSize, 8)));
      const last = given.at(-1);
      if (signal.aborted || last === undefined) continue;
      next += given.length;
      const events = given.filter(({ streamName }) => streamPrefixes.some((prefix) => streamName.startsWith(prefix)));
      // As the server does, it says only now and then how far it is when there is nothing to give.
      if (events.length === 0 && world.chance(0.8)) continue;
      yield { events, position: last.position, caughtUp: next === this.events.length };
    }
  }

  private more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.push(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
