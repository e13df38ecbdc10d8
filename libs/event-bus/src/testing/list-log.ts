import type { EventLog, RecordedEvent } from '@alliance/event-sourcing';

/** A log that is a list, for tests. */
export class ListLog implements EventLog {
  private readonly events: RecordedEvent[] = [];
  private wake: () => void = () => undefined;

  append(streamName: string, type: string, data: unknown): RecordedEvent {
    const place = this.events.length;
    const id = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
    const event: RecordedEvent = {
      streamName,
      revision: BigInt(this.events.filter((each) => each.streamName === streamName).length),
      position: { commit: BigInt(place), prepare: BigInt(place) },
      type,
      data,
      metadata: {
        eventId: id,
        commandId: id,
        correlationId: 'c0ffee',
        causationId: id,
        actor: { subject: 'subject-1', roles: [] },
        occurredAt: '2026-03-01T09:30:00.000Z',
        schemaVersion: 1,
      },
    };
    this.events.push(event);
    this.wake();
    return event;
  }

  async *follow({
    streamPrefixes,
    after,
    maxBatchSize,
    signal,
  }: Parameters<EventLog['follow']>[0]): ReturnType<EventLog['follow']> {
    for (let next = after === undefined ? 0 : Number(after.commit) + 1; !signal.aborted;) {
      const given = this.events.slice(next, next + maxBatchSize);
      const last = given.at(-1);
      if (last === undefined) {
        await new Promise<void>((resolve) => {
          this.wake = () => {
            signal.removeEventListener('abort', this.wake);
            resolve();
          };
          signal.addEventListener('abort', this.wake);
        });
        continue;
      }
      next += given.length;
      const events = given.filter(({ streamName }) => streamPrefixes.some((prefix) => streamName.startsWith(prefix)));
      yield { events, position: last.position, caughtUp: next === this.events.length };
    }
  }
}
