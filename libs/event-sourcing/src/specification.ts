import type { Command } from './command';
import type { Decider, Decision } from './decider';
import { fold } from './decider';
import type { DomainEvent } from './event';

/**
 * Given what happened, when a command comes, then …: the returned decision is compared by the test framework.
 *
 * `expect(given(decider, [applied]).when(verify)).toEqual([verified])`
 */
export function given<Cmd extends Command, State, Event extends DomainEvent>(
  decider: Decider<Cmd, State, Event>,
  events: readonly Event[],
): { when(command: Cmd): Decision<Event> } {
  return {
    when: (command) => decider.decide(command, fold(decider.evolve, decider.initialState, events)),
  };
}
