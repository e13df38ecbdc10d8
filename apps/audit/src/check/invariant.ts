import type { LogPosition, RecordedEvent } from '@alliance/event-sourcing';
import type { FundRecord } from '@alliance/fund/events';

/** What must never be, found in the log. */
export interface Breach {
  readonly invariant: string;
  readonly stream: string;
  /** Of the event by which it came to be, as `commit/prepare`. */
  readonly position: string;
  /** Of the events that show it to be one. */
  readonly because: readonly string[];
  readonly words: string;
}

/** What an event shows to be broken. */
export interface Finding {
  readonly words: string;
  readonly because?: readonly LogPosition[];
}

/** Looks at every event of a service in the order of the log, and remembers what it needs. */
export type Examine<Event extends RecordedEvent> = (event: Event) => readonly Finding[];

/**
 * What the log has to prove. It is judged by the events alone and by rules written here once more: a fault in a decider
 * must not be able to hide itself.
 */
export interface Invariant<Event extends RecordedEvent = FundRecord> {
  readonly name: string;
  readonly says: string;
  begin(): Examine<Event>;
}

/** The note under the key, made when it is asked for first. */
export function noteOf<Note>(notes: Map<string, Note>, key: string, fresh: () => Note): Note {
  const known = notes.get(key);
  if (known !== undefined) return known;
  const made = fresh();
  notes.set(key, made);
  return made;
}
