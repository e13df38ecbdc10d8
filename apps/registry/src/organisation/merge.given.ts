import type { CommandHandler } from '@alliance/service-host';
import {
  type Aggregate,
  type Command,
  type DomainEvent,
  fold,
  isRefusal,
  type RecordedEvent,
} from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { FactsFrom } from './organisation.events';

/** All facts of the one record, but for these. */
export function allFrom(side: 'survivor' | 'absorbed', but: Partial<FactsFrom> = {}): FactsFrom {
  return {
    name: side,
    kind: side,
    legalForm: side,
    operatingSince: side,
    regionKey: side,
    identifiers: side,
    fieldKeys: side,
    website: side,
    address: side,
    parentOrganisationId: side,
    ...but,
  };
}

/** The log in memory: a command that comes twice is known by its id, as the real one knows it. */
export class MemoryLog implements Pick<CommandHandler, 'decide' | 'load'> {
  /** All events, in the order of the log. */
  readonly events: RecordedEvent[] = [];

  async load<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
  ): Promise<{ readonly state: State; readonly last: RecordedEvent<Event> | undefined }> {
    return { state: this.state(aggregate, id), last: this.stream<Event>(aggregate, id).at(-1) };
  }

  state<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
  ): State {
    const { evolve, initialState } = aggregate.decider;
    return fold(evolve, initialState, this.stream<Event>(aggregate, id));
  }

  async decide<Cmd extends Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    command: Cmd,
  ) {
    const stream = this.stream<Event>(aggregate, id);
    const { commandId, correlationId, causationId, actor, at } = command.context;
    const known = stream.filter(({ metadata }) => metadata.commandId === commandId);
    if (known.length > 0) return accepted(known);
    const decision = aggregate.decider.decide(command, this.state(aggregate, id));
    if (isRefusal(decision)) return decision;
    const recorded = decision.map((event, index) => {
      const position = BigInt(this.events.length + index);
      const streamName = aggregate.catalogue.category.streamName(id);
      return {
        ...event,
        streamName,
        revision: BigInt(stream.length + index),
        position: { commit: position, prepare: position },
        metadata: {
          ...{ commandId, correlationId, causationId, actor, occurredAt: at, schemaVersion: 1 },
          eventId: deriveId(commandId, `${streamName}/${index}`),
        },
      };
    });
    this.events.push(...recorded);
    return accepted(recorded as (RecordedEvent<Event> & Event)[]);
  }

  private stream<Event extends DomainEvent>(
    { catalogue }: Pick<Aggregate<Command, unknown, Event>, 'catalogue'>,
    id: string,
  ) {
    const streamName = catalogue.category.streamName(id);
    return this.events.filter((event) => event.streamName === streamName) as (RecordedEvent<Event> & Event)[];
  }
}

function accepted<Event extends DomainEvent>(events: readonly (RecordedEvent<Event> & Event)[]) {
  return { revision: events.at(-1)?.revision, position: events.at(-1)?.position, events };
}
