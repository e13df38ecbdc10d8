import type { Command } from './command';
import type { DomainEvent } from './event';
import type { Refusal } from './refusal';

/** The events that follow from a command; `[]` means that all is already so; or a refusal. */
export type Decision<Event extends DomainEvent, Code extends string = string> = readonly Event[] | Refusal<Code>;

/** The rules of one aggregate as two pure functions. */
export interface Decider<Cmd extends Command, State, Event extends DomainEvent> {
  readonly initialState: State;
  decide(command: Cmd, state: State): Decision<Event>;
  evolve(state: State, event: Event): State;
}

/** The state after these events. */
export function fold<State, Event extends DomainEvent>(
  evolve: (state: State, event: Event) => State,
  from: State,
  events: Iterable<Event>,
): State {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
}
