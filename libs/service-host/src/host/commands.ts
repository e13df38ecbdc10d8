import { parseArgs } from 'node:util';
import { topics } from '@alliance/contracts';
import {
  dropParked,
  ensureTopics,
  type KafkaCluster,
  listParked,
  type ParkedKey,
  type ParkingAccess,
  type ParkingOperator,
  postgresInbox,
  postgresParking,
  replayParked,
  showParked,
} from '@alliance/event-bus';
import { migrate, PostgresRows, rebuildReadModel } from '@alliance/read-models';
import type { DataSource, EntityManager } from 'typeorm';
import { createServiceApp } from './service-app';
import { connectServiceDatabase, migrationsOf, type ServiceParts } from './service-parts';

/** The command line is not understood; the message says how it is meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command works with. */
export interface CommandWorld {
  readonly parts: ServiceParts;
  readonly kafka: KafkaCluster;
  /** Takes the lines of the result. */
  readonly print: (line: string) => void;
}

const USAGE =
  'one of --check-config, migrate, topics, rebuild <read-model>, parked list, ' +
  'parked show|replay|drop <topic> <key> --by <id> --why <reason>; without a command it serves';

/** In one line: what was said, and what would be right. */
function misunderstood(args: readonly string[]): UsageError {
  return new UsageError(`"${args.join(' ')}" is not understood; expected ${USAGE}.`);
}

/** Runs one command to its end. Throws `UsageError`, and what goes wrong. */
export async function runCommand(world: CommandWorld, args: readonly string[]): Promise<void> {
  const { definition } = world.parts;
  const { positionals, values } = parse(args);
  const [command, ...operands] = positionals;
  const work = operands.length === 0 ? COMMANDS[command ?? ''] : undefined;
  if (work) return work(world);
  const [first, second, third] = operands;
  if (command === 'rebuild' && first !== undefined && second === undefined) return rebuild(world, first);
  if (command === 'parked' && first === 'list' && second === undefined) return listKeys(world);
  const action = command === 'parked' && first !== undefined ? PARKED[first] : undefined;
  const { by, why } = values;
  if (action === undefined || second === undefined || third === undefined || operands.length > 3 || !by || !why) {
    throw misunderstood(args);
  }
  return withDatabase(world, (database) =>
    action({ ...world, database }, { group: definition.name, topic: second, key: third }, { by, why }),
  );
}

function parse(args: readonly string[]) {
  try {
    const options = { by: { type: 'string' }, why: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch {
    throw misunderstood(args);
  }
}

const COMMANDS: Readonly<Record<string, (world: CommandWorld) => Promise<void>>> = {
  async migrate({ parts, print }) {
    const { definition, settings } = parts;
    const applied = await migrate({ url: settings.databaseUrl, migrations: migrationsOf(definition) });
    print(applied.length === 0 ? 'The schema was up to date.' : `Applied: ${applied.join(', ')}.`);
  },

  async topics({ parts, kafka, print }) {
    const { publishers, consumes } = parts.definition;
    // Those it consumes too: a consumer cannot join before its topics are there, and its publisher may come later.
    const used = [...publishers.flatMap(({ contracts }) => contracts), ...consumes].map(({ topic }) => topic);
    const wanted = topics.filter(({ name }) => used.includes(name));
    // The broker's own default: how many copies are right is a matter of the cluster.
    const options = { ...kafka, replicationFactor: -1 };
    const ensured = wanted.length === 0 ? [] : await ensureTopics(options, wanted);
    for (const { name, outcome, differences } of ensured) print([`${name}: ${outcome}`, ...differences].join('; '));
    if (ensured.some(({ outcome }) => outcome === 'different'))
      throw new Error('Some topics are not as they should be.');
  },
};

async function rebuild(world: CommandWorld, name: string): Promise<void> {
  const { definition, store, clock } = world.parts;
  const projection = definition.projections.find((one) => one.name === name);
  if (projection === undefined) {
    const known = definition.projections.map((one) => one.name).join(', ');
    throw new UsageError(`There is no read model "${name}"; there are: ${known}.`);
  }
  await withDatabase(world, async (database) => {
    const log = store.log(projection.catalogues);
    const { signal } = new AbortController();
    const events = await rebuildReadModel({ database, projection, log, clock, signal });
    world.print(`Rebuilt ${name} from ${events} events.`);
  });
}

async function listKeys(world: CommandWorld): Promise<void> {
  await withDatabase(world, async (database) => {
    for (const { topic, key, count, parkedAt, reason } of await listParked(parkingOf(world, database))) {
      world.print(`${topic} ${key}: ${count} since ${parkedAt.toISOString()}: ${reason}`);
    }
  });
}

type ParkedAction = (
  world: CommandWorld & { readonly database: DataSource },
  key: ParkedKey,
  operator: ParkingOperator,
) => Promise<void>;

const PARKED: Readonly<Record<string, ParkedAction>> = {
  async show(world, key, operator) {
    for (const { message, reason, parkedAt } of await showParked(parkingOf(world, world.database), key, operator)) {
      const { partition, offset, headers, value } = message;
      const place = { partition, offset: String(offset) };
      world.print(JSON.stringify({ ...place, parkedAt, reason, headers, value: value.toString() }));
    }
  },

  async replay(world, key, operator) {
    const { app, consumer } = await createServiceApp(world.parts, world.database);
    try {
      const access = { ...parkingOf(world, world.database), handled: consumer.handled() };
      const { replayed, failure } = await replayParked(access, key, operator);
      world.print(`Replayed ${replayed} of ${key.key}.`);
      if (failure) throw new Error(`It stays parked: ${failure.reason}`);
    } finally {
      await app.close();
    }
  },

  async drop(world, key, operator) {
    const dropped = await dropParked(parkingOf(world, world.database), key, operator);
    if (dropped === undefined) throw new Error(`Nothing is parked of ${key.key} in ${key.topic}.`);
    const { partition, offset } = dropped.message;
    world.print(`Dropped the message at offset ${offset} of partition ${partition}.`);
  },
};

function parkingOf({ parts }: CommandWorld, database: DataSource): ParkingAccess<EntityManager> {
  return { rows: new PostgresRows(database), parking: postgresParking, inbox: postgresInbox, clock: parts.clock };
}

async function withDatabase(world: CommandWorld, work: (database: DataSource) => Promise<void>): Promise<void> {
  const database = await connectServiceDatabase(world.parts);
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}
