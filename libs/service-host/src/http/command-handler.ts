import type {
  Aggregate,
  Command,
  Decider,
  DomainEvent,
  EventCatalogue,
  RecordedEvent,
  Refusal,
} from '@alliance/event-sourcing';
import { isRefusal } from '@alliance/event-sourcing';
import { type Accepted, CommandSequence, EventStore, handleCommand } from '@alliance/event-store';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../observation/metrics';
import { traced } from '../observation/tracing';
import { RefusedError } from './problem';

interface HandleOptions {
  /** The revision that the client saw (`@IfMatch()`). */
  readonly expectedRevision?: bigint;
  /** The command begins a stream: tried on an empty one first, which saves the read. */
  readonly startsStream?: boolean;
}

/** What can be read from a stream: an aggregate, or another view of the same events. */
export interface Folded<State, Event extends DomainEvent> {
  readonly catalogue: EventCatalogue;
  readonly decider: Pick<Decider<Command, State, Event>, 'initialState' | 'evolve'>;
}

/** Hands commands to their aggregates. */
@Injectable()
export class CommandHandler {
  constructor(
    private readonly store: EventStore,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Decides the command on the aggregate's stream and appends what follows. Throws `RefusedError` for a refusal, and
   * what `handleCommand` throws (412 and 503 to a client). Give the result to `commandReply` or `created`.
   */
  async handle<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    command: Cmd,
    options: HandleOptions = {},
  ): Promise<Accepted<Event>> {
    const decided = await this.decide(aggregate, id, command, options);
    if (isRefusal(decided)) throw new RefusedError(decided);
    return decided;
  }

  /** The same for reactors, to whom a refusal is an answer like any other. */
  async decide<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    command: Cmd,
    options: HandleOptions = {},
  ): Promise<Accepted<Event> | Refusal> {
    return this.observed(command.type, () => handleCommand(this.store, aggregate, id, command, options));
  }

  /**
   * Several commands on one stream, which is read once for all of them: one after the other, up to the first that is
   * refused. Gives the answers so far; only the last of them can be a refusal.
   */
  async decideInTurn<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    commands: readonly Cmd[],
  ): Promise<readonly (Accepted<Event> | Refusal)[]> {
    const sequence = new CommandSequence(this.store, aggregate, id, commands);
    const answers: (Accepted<Event> | Refusal)[] = [];
    for (const command of commands) {
      const decided = await this.observed(command.type, () => sequence.handle(command));
      answers.push(decided);
      if (isRefusal(decided)) break;
    }
    return answers;
  }

  /** What the stream tells as it stands in the log, and its last event: for whatever must not lag behind decisions. */
  async load<State, Event extends DomainEvent>(
    { catalogue, decider }: Folded<State, Event>,
    id: string,
  ): Promise<{ readonly state: State; readonly last: RecordedEvent<Event> | undefined }> {
    let state = decider.initialState;
    let last: RecordedEvent<Event> | undefined;
    for await (const recorded of this.store.readStream<Event>(catalogue.category.streamName(id), catalogue)) {
      // The codec has checked type and data against the catalogue, whose events these are.
      state = decider.evolve(state, recorded as RecordedEvent<Event> & Event);
      last = recorded;
    }
    return { state, last };
  }

  private async observed<Decided extends object>(
    type: string,
    decide: () => Promise<Decided | Refusal>,
  ): Promise<Decided | Refusal> {
    const count = (outcome: string) => this.metrics.commands.inc({ command: type, outcome });
    try {
      const decided = await traced(type, {}, decide);
      count(isRefusal(decided) ? decided.code : 'accepted');
      return decided;
    } catch (error) {
      count(error instanceof Error ? error.name : 'error');
      throw error;
    }
  }
}
