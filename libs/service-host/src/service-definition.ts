import type { EventCatalogue } from '@alliance/event-sourcing';
import type { Contract, Publication } from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { Projection } from '@alliance/read-models';
import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';

/** What a slice publishes: pure, from `*.contract.ts`. */
export interface Publisher {
  readonly catalogue: EventCatalogue;
  /** The contracts it may publish. */
  readonly contracts: readonly Contract[];
  /** The publication of a private event, or nothing. */
  publish(event: RecordedEvent): Publication | undefined;
}

/** One service as a table of contents; `<service>.module.ts` writes one. */
export interface ServiceDefinition {
  /** Also the first segment of its URLs, the prefix of its streams and topics, the name of its database. */
  readonly name: string;
  /** Nest modules of the slices: controllers (HTTP), `@EventPattern` controllers (bus), their providers. */
  readonly slices: readonly Type[];
  readonly projections: readonly Projection[];
  readonly publishers: readonly Publisher[];
  /** The contracts its `@EventPattern` handlers consume. */
  readonly consumes: readonly Contract[];
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}
