import 'reflect-metadata';
import type { Contract } from '@alliance/contracts';
import { systemClock } from '@alliance/event-sourcing';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { CloudEvent } from '../cloud-event';
import { InProcessBus } from '../in-process/in-process-bus';
import { listParked, replayParked } from '../parking-commands';
import { consumerDatabase, eventually } from '../testing/consumer-database';
import { thingHappenedV1, thingMessage } from '../testing/thing-contract';
import { BusContext } from './bus-context';
import { BusServer } from './bus-server';
import { connectBus } from './connect-bus';

type ThingHappened = CloudEvent<{ what: string }>;
const steps: string[] = [];
let failure: Error | undefined;

@Controller()
class ThingController {
  @EventPattern(thingHappenedV1.type)
  async happened(@Payload() event: ThingHappened, @Ctx() { tx, message }: BusContext): Promise<void> {
    steps.push(`begin ${event.streamRevision}`);
    await systemClock.sleep(2);
    await tx.query('INSERT INTO happened (stream, what) VALUES ($1, $2)', [event.subject, event.data.what]);
    steps.push(`end ${message.headers['ce_streamrevision']}`);
    if (failure && event.data.what === 'hail') throw failure;
  }
}

@Controller()
class SecondController {
  @EventPattern(thingHappenedV1.type)
  second(@Payload() event: ThingHappened): void {
    steps.push(`second ${event.streamRevision}`);
  }
}

@Module({ controllers: [ThingController, SecondController] })
class ThingModule {}

@Controller()
class AskedController {
  @MessagePattern(thingHappenedV1.type)
  ask(): string {
    return 'an answer';
  }
}

@Module({ controllers: [AskedController] })
class AskedModule {}

let database: Awaited<ReturnType<typeof consumerDatabase>>;
let app: INestApplication;
let bus: InProcessBus;
beforeAll(async () => {
  database = await consumerDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE happened, inbox, parked_message, parking_audit');
  steps.length = 0;
  failure = undefined;
  bus = InProcessBus.inMemory(systemClock);
  app = await NestFactory.create(ThingModule, new FastifyAdapter(), { logger: false });
});
afterEach(async () => {
  await app.close();
  await bus.close();
});

const server = (contracts: readonly Contract[] = [thingHappenedV1]) =>
  new BusServer({ ...database.access, bus, group: 'tests', contracts });

describe('@EventPattern handlers', () => {
  it('run one after the other, each event once, in the transaction of the inbox', async () => {
    connectBus(app, server());
    await app.startAllMicroservices();
    await bus.publish([thingMessage('a', 0, 'a0'), thingMessage('a', 1, 'a1'), thingMessage('a', 1, 'a1')]);
    await eventually(async () => (await database.happened('a')).length === 2);
    expect(await database.happened('a')).toEqual(['a0', 'a1']);
    expect(steps).toEqual(['begin 0', 'end 0', 'second 0', 'begin 1', 'end 1', 'second 1']);
  });

  it('that fail for good park the key with their own error, and can be replayed', async () => {
    failure = new TypeError('Things cannot rain.');
    const connected = server();
    connectBus(app, connected);
    await app.startAllMicroservices();
    await bus.publish([thingMessage('a', 0, 'hail'), thingMessage('b', 0, 'b0')]);
    await eventually(async () => (await listParked(database.access)).length === 1);
    const [parked] = await listParked(database.access);
    expect(parked?.reason).toBe('TypeError: Things cannot rain.');
    await eventually(async () => (await database.happened('b')).length === 1);

    const key = { group: 'tests', topic: thingHappenedV1.topic, key: 'a' };
    failure = undefined;
    const access = { ...database.access, handled: connected.handled() };
    expect(await replayParked(access, key, { by: 'subject-1', why: 'mended' })).toEqual({ replayed: 1 });
    expect(await database.happened('a')).toEqual(['hail']);
  });

  it('that meet a passing fault are tried again', async () => {
    failure = Object.assign(new Error('The store does not answer.'), { name: 'StoreUnavailable' });
    connectBus(app, server());
    await app.startAllMicroservices();
    await bus.publish([thingMessage('a', 0, 'hail')]);
    await eventually(() => steps.filter((step) => step === 'begin 0').length > 1);
    failure = undefined;
    await eventually(async () => (await database.happened('a')).length === 1);
    expect(await listParked(database.access)).toEqual([]);
  });

  it('are done with the event under way when the application is closed', async () => {
    connectBus(app, server());
    await app.startAllMicroservices();
    await bus.publish([thingMessage('a', 0, 'a0')]);
    await eventually(() => steps.includes('begin 0'));
    await app.close();
    expect(await database.happened('a')).toEqual(['a0']);
  });
});

describe('A BusServer refuses to start', () => {
  it('when Nest would hide the errors of handlers from it', async () => {
    app.connectMicroservice({ strategy: server() });
    await expect(app.startAllMicroservices()).rejects.toThrow('connectBus');
  });

  it('when a handler waits for a contract that is not consumed', async () => {
    connectBus(app, server([]));
    await expect(app.startAllMicroservices()).rejects.toThrow(thingHappenedV1.type);
  });

  it('when a consumed contract has no handler', async () => {
    connectBus(app, server([thingHappenedV1, { ...thingHappenedV1, type: 'testing.Other.v1' }]));
    await expect(app.startAllMicroservices()).rejects.toThrow('testing.Other.v1');
  });

  it('when a handler would answer', async () => {
    const asked = await NestFactory.create(AskedModule, new FastifyAdapter(), { logger: false });
    expect(() => connectBus(asked, server())).toThrow('@EventPattern');
    await asked.close();
  });
});
