import type { Aggregate, Command, DomainEvent } from '@alliance/event-sourcing';
import { isRefusal } from '@alliance/event-sourcing';
import { type Accepted, EventStore, handleCommand } from '@alliance/event-store';
import { Injectable } from '@nestjs/common';
import { RefusedError } from './problem';

/** Hands commands to their aggregate and turns refusals into answers. */
@Injectable()
export class CommandHandler {
  constructor(private readonly store: EventStore) {}

  /**
   * Decides the command on the aggregate's stream and appends what follows. Throws `RefusedError` for a refusal, and
   * what `handleCommand` throws (412 and 503 to a client). Give the result to `commandReply` or `created`.
   */
  async handle<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    command: Cmd,
    options: { readonly startsStream?: boolean; readonly expectedRevision?: bigint } = {},
  ): Promise<Accepted<Event>> {
    const decided = await handleCommand(this.store, aggregate, id, command, options);
    if (isRefusal(decided)) throw new RefusedError(decided);
    return decided;
  }
}
