import type { Command } from './command';
import type { Decider } from './decider';
import type { DomainEvent } from './event';
import type { EventCatalogue } from './event-catalogue';

/** All that is needed to handle a command: which streams, which events may lie in them, and the rules. */
export interface Aggregate<Cmd extends Command, State, Event extends DomainEvent> {
  readonly catalogue: EventCatalogue;
  readonly decider: Decider<Cmd, State, Event>;
}
