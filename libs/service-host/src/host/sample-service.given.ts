import type { Contract } from '@alliance/contracts';
import { publication } from '@alliance/contracts';
import { BusContext, type CloudEvent, type DueCommand, type Reaction } from '@alliance/event-bus';
import {
  type Aggregate,
  type Command,
  type CommandContext,
  eventCatalogue,
  type EventOf,
  refuse,
  streamCategory,
} from '@alliance/event-sourcing';
import type { Projection } from '@alliance/read-models';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Type } from '@sinclair/typebox';
import { Length } from 'class-validator';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Context, IfMatch, newId } from '../http/command-context';
import { CommandHandler } from '../http/command-handler';
import { commandReply, created } from '../http/command-reply';
import { notFound } from '../http/problem';
import { Roles } from '../http/roles';
import { UuidParam } from '../http/uuid-param';
import { WaitsFor } from '../http/waits-for';
import type { Reactor, Schedule, ServiceDefinition } from '../service-definition';
import { IntegerSetting } from '../settings/host-settings';

// A service with one aggregate, which has everything that a service can have: it counts what it is told to.

const counterEvents = eventCatalogue(streamCategory('sample', 'counter'), {
  CounterOpened: { schema: Type.Object({ name: Type.String() }) },
  Counted: { schema: Type.Object({}) },
});
type CounterEvent = EventOf<typeof counterEvents>;
type CounterCommand = Command<'OpenCounter', { name: string }> | Command<'Count', object>;

const counter: Aggregate<CounterCommand, { readonly isOpen: boolean }, CounterEvent> = {
  catalogue: counterEvents,
  decider: {
    initialState: { isOpen: false },
    evolve: (state, event) => (event.type === 'CounterOpened' ? { isOpen: true } : state),
    decide(command, { isOpen }) {
      if (command.type === 'OpenCounter') {
        if (isOpen) return refuse('conflict', 'COUNTER_OPEN', 'The counter is open already.');
        return [{ type: 'CounterOpened', data: { name: command.data.name } }];
      }
      if (!isOpen) return refuse('not-found', 'COUNTER_UNKNOWN', 'There is no such counter.');
      return [{ type: 'Counted', data: {} }];
    },
  },
};

export const counterOpenedV1 = {
  type: 'sample.CounterOpened.v1',
  topic: 'sample.counter.v1',
  description: 'A counter was opened.',
  schema: Type.Object({ name: Type.String() }, { additionalProperties: false }),
} as const satisfies Contract;

class SampleSettings {
  @IntegerSetting(1, 100)
  readonly sampleLimit: number = 10;
}

class OpenCounter {
  @Length(1, 100)
  readonly name: string;
}

interface CounterRow {
  readonly id: string;
  readonly name: string;
  readonly count: number;
}

@Controller('counters')
class CounterController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: SampleSettings,
  ) {}

  @Post()
  @Roles('coordinator')
  async open(@Body() { name }: OpenCounter, @Context() context: CommandContext) {
    const id = newId(context, 'counter');
    const command: CounterCommand = { type: 'OpenCounter', data: { name }, context };
    const accepted = await this.commands.handle(counter, id, command, { startsStream: true });
    return created(accepted, `/sample/counters/${id}`, { id });
  }

  @Post(':id/count')
  @Roles('coordinator')
  async count(
    @UuidParam('id') id: string,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return commandReply(
      await this.commands.handle(counter, id, { type: 'Count', data: {}, context }, { expectedRevision }),
    );
  }

  @Get(':id')
  @Roles('coordinator')
  @WaitsFor('counter-list')
  async one(@UuidParam('id') id: string) {
    const [row] = await this.database.query<CounterRow[]>('SELECT id, name, count FROM counter WHERE id = $1', [id]);
    if (!row) throw notFound('COUNTER_UNKNOWN', 'There is no such counter.');
    return { ...row, limit: this.settings.sampleLimit };
  }

  @Get(':id/slowly')
  @Roles('coordinator')
  async slowly(@UuidParam('id') id: string) {
    await this.database.query('SELECT pg_sleep(0.5)');
    return { id };
  }
}

@Controller()
class KnownCounterController {
  @EventPattern(counterOpenedV1.type)
  async opened(@Payload() event: CloudEvent<{ name: string }>, @Ctx() { tx }: BusContext): Promise<void> {
    if (event.data.name === 'poison') throw new Error('This counter cannot be known.');
    const { subject, correlationId, traceparent = null, data } = event;
    await tx.query('INSERT INTO known_counter (subject, name, correlation_id, traceparent) VALUES ($1, $2, $3, $4)', [
      subject,
      data.name,
      correlationId,
      traceparent,
    ]);
  }
}

@Module({ controllers: [CounterController, KnownCounterController] })
class CounterModule {}

const counterList: Projection = {
  name: 'counter-list',
  tables: ['counter'],
  catalogues: [counterEvents],
  async apply(tx, events) {
    for (const { type, streamName, data } of events) {
      const id = counterEvents.category.idOf(streamName);
      if (type === 'CounterOpened') {
        const { name } = data as { name: string };
        await tx.query('INSERT INTO counter (id, name, count) VALUES ($1, $2, 0)', [id, name]);
      } else await tx.query('UPDATE counter SET count = count + 1 WHERE id = $1', [id]);
    }
  },
};

/** Counts one for every counter that is opened with the name "greeted". */
const greeter: Reactor<Reaction<'Count', object>> = {
  name: 'greeter',
  catalogues: [counterEvents],
  policy: ({ type, data, streamName }) =>
    type === 'CounterOpened' && (data as { name: string }).name === 'greeted'
      ? [{ type: 'Count', target: counterEvents.category.idOf(streamName), data: {} }]
      : [],
  async execute({ type, target, data }, context, commands) {
    await commands.decide(counter, target, { type, data, context });
  },
};

/** Counts one for every counter that is opened with the name "timed", as long as the list does not know of it. */
const timer: Schedule<DueCommand<'Count', object>> = {
  name: 'timer',
  everyMs: 20,
  async due(tx, { after, limit }) {
    const rows = await tx.query<CounterRow[]>(
      `SELECT id FROM counter WHERE name = 'timed' AND count = 0 AND id::text > $1 ORDER BY id::text LIMIT $2`,
      [after?.target ?? '', limit],
    );
    return rows.map(({ id }) => ({ type: 'Count', target: id, data: {}, occasion: 'an hour has passed' }));
  },
  async execute({ type, target, data }, context, commands) {
    await commands.decide(counter, target, { type, data, context });
  },
};

class CreateCounter1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE counter (id uuid PRIMARY KEY, name text NOT NULL, count integer NOT NULL)');
    await runner.query(
      'CREATE TABLE known_counter (subject text PRIMARY KEY, name text, correlation_id text, traceparent text)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE counter, known_counter');
  }
}

export const sample: ServiceDefinition = {
  name: 'sample',
  settings: SampleSettings,
  slices: [CounterModule],
  projections: [counterList],
  publishers: [
    {
      catalogue: counterEvents,
      contracts: [counterOpenedV1],
      publish: ({ type, data }) =>
        type === 'CounterOpened' ? publication(counterOpenedV1, data as { name: string }) : undefined,
    },
  ],
  reactors: [greeter],
  schedules: [timer],
  consumes: [counterOpenedV1],
  entities: [],
  migrations: [CreateCounter1700000000001],
};
