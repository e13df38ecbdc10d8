import type { Contract, Publication } from '@alliance/contracts';
import type { DueCommand, DueQuery, Execute, Reaction } from '@alliance/event-bus';
import type { CommandContext, EventCatalogue, RecordedEvent } from '@alliance/event-sourcing';
import type { Migration, Projection, ProjectionProgress } from '@alliance/read-models';
import type { Type } from '@nestjs/common';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
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

/** What a reactor of the service may know besides its fact. */
export interface OwnOfService {
  readonly progress: Pick<ProjectionProgress, 'waitForPosition'>;
  /** Of the class `settings` of the definition. */
  readonly settings: object;
}

/** Turns facts of the service's own log into commands of its own. */
export interface Reactor<Wanted extends Reaction = Reaction> {
  /** Kebab-case, unique in its service and never changed: checkpoint and command ids are made from it. */
  readonly name: string;
  /** The streams whose events are the facts. */
  readonly catalogues: readonly EventCatalogue[];
  /** Pure, from `*.policy.ts`. */
  policy(fact: RecordedEvent): readonly Wanted[];
  /**
   * Gives the command to its aggregate by `commands.decide`: a refusal is an answer. What throws is tried again. The
   * database is for what the service keeps beside its read models; who reads a read model waits, by `progress`, until it
   * has come to the fact.
   */
  execute(
    reaction: Wanted,
    context: CommandContext,
    commands: CommandHandler,
    database: DataSource,
    own: OwnOfService,
  ): ReturnType<Execute<Wanted>>;
}

/** Turns the passing of time into commands of the service's own: reminders, deadlines, holds that expire. */
export interface Schedule<Due extends DueCommand = DueCommand, Settings extends object = object> {
  /** Kebab-case, unique in its service and never changed: command ids are made from it. */
  readonly name: string;
  /** How late a command may be. */
  readonly everyMs: number;
  /** What a read model of the service knows to be due: a page, in an order that is total. `settings` are the service's own. */
  due(tx: EntityManager, query: DueQuery<Due>, settings: Settings): Promise<readonly Due[]>;
  /** Gives the command to its aggregate, which decides anew whether it is due: a refusal is an answer. */
  execute(due: Due, context: CommandContext, commands: CommandHandler): ReturnType<Execute<Due>>;
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
  /** A class, if it needs more than its commands: one of the slices provides it. */
  readonly schedules?: readonly (Schedule | Type<Schedule>)[];
  /** The contracts its `@EventPattern` handlers consume. */
  readonly consumes: readonly Contract[];
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly Migration[];
}
