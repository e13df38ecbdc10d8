import type { Contract, Publication } from '@alliance/contracts';
import type { Execute, Reaction } from '@alliance/event-bus';
import type { CommandContext, EventCatalogue, RecordedEvent } from '@alliance/event-sourcing';
import type { Migration, Projection } from '@alliance/read-models';
import type { Type } from '@nestjs/common';
import type { EntitySchema } from 'typeorm';
import type { CommandHandler } from './http/command-handler';
import type { SettingsClass } from './settings/load-settings';

/** What a slice publishes: pure, from `*.contract.ts`. */
export interface Publisher {
  readonly catalogue: EventCatalogue;
  /** The contracts it may publish. */
  readonly contracts: readonly Contract[];
  /** The publication of a private event, or nothing. */
  publish(event: RecordedEvent): Publication | undefined;
}

/** Turns facts of the service's own log into commands of its own. */
export interface Reactor<Wanted extends Reaction = Reaction> {
  /** Kebab-case, unique in its service and never changed: checkpoint and command ids are made from it. */
  readonly name: string;
  /** The streams whose events are the facts. */
  readonly catalogues: readonly EventCatalogue[];
  /** Pure, from `*.policy.ts`. */
  policy(fact: RecordedEvent): readonly Wanted[];
  /** Gives the command to its aggregate by `commands.decide`: a refusal is an answer. What throws is tried again. */
  execute(reaction: Wanted, context: CommandContext, commands: CommandHandler): ReturnType<Execute<Wanted>>;
}

/** One service as a table of contents; `<service>.module.ts` writes one. */
export interface ServiceDefinition {
  /** Also the first segment of its URLs, the prefix of its streams and topics, the name of its database. */
  readonly name: string;
  /** Its own settings beside the host's, read from the environment and injected by this class. */
  readonly settings?: SettingsClass<object>;
  /** Nest modules of the slices: controllers (HTTP), `@EventPattern` controllers (bus), their providers. */
  readonly slices: readonly Type[];
  readonly projections: readonly Projection[];
  readonly publishers: readonly Publisher[];
  readonly reactors?: readonly Reactor[];
  /** The contracts its `@EventPattern` handlers consume. */
  readonly consumes: readonly Contract[];
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly Migration[];
}
