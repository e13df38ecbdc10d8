import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaTests } from '@alliance/embedded';
import { Kafka, logLevel } from 'kafkajs';
import { BusUnavailable } from '../bus';
import {
  busContract,
  type BusWorld,
  eventually,
  newGate,
  numbered,
  numbers,
  partitionContract,
  read,
  unique,
} from '../contract-suite/bus-contract';
import { ensureTopics, type WantedTopic } from './ensure-topics';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { KafkaBus } from './kafka-bus';
import type { KafkaReport } from './kafka-subscription';

type Brokers = readonly string[];

// One spec for all that concerns Kafka, so that one broker serves it.
kafkaTests('Kafka', {
  ...ruled('the bus contract: ', { ...busContract, ...partitionContract }, async (prove, brokers) => {
    const bus = KafkaBus.connect({ brokers, clientId: 'contract' });
    await prove({ bus, createTopic: (partitions) => createTopic(brokers, partitions) }).finally(() => bus.close());
  }),

  'an idle connection does not wake again and again': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await using(KafkaBus.connect({ brokers, clientId: 'idle' }), async (bus) => {
      await bus.publish(numbered(topic, ['a'], 1));
      let timers = 0;
      const hook = createHook({ init: (_, kind) => void (kind === 'Timeout' && (timers += 1)) }).enable();
      await sleep(400);
      hook.disable();
      // A wake-up each millisecond, as kafkajs does by itself, would be some hundreds.
      expect(timers).toBeLessThan(20);
    });
  },

  'what is larger than the broker takes is refused at once, and by itself': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await using(KafkaBus.connect({ brokers, clientId: 'large' }), async (bus) => {
      const small = bus.publish(numbered(topic, ['a'], 1));
      const large = bus.publish([{ topic, key: 'b', headers: {}, value: Buffer.alloc(2_000_000) }]);
      await expect(large).rejects.toThrow(RangeError);
      await expect(small).resolves.toBeUndefined();
    });
  },

  'publishing to a topic that does not exist is refused and creates none': async (brokers) => {
    const topic = unique('topic');
    await using(KafkaBus.connect({ brokers, clientId: 'nowhere', timeoutMs: 2_000 }), async (bus) => {
      await expect(bus.publish(numbered(topic, ['a'], 1))).rejects.toBeInstanceOf(BusUnavailable);
      expect(await withAdmin(brokers, (admin) => admin.listTopics())).not.toContain(topic);
    });
  },

  'a subscription waits for a topic that is created later': async (brokers) => {
    const topic = unique('topic');
    const reports: KafkaReport[] = [];
    const observe = (report: KafkaReport) => void reports.push(report);
    await using(KafkaBus.connect({ brokers, clientId: 'early', observe }), async (bus) => {
      const reader = read(bus, [topic]);
      await eventually(() => expect(reports).toMatchObject([{ kind: 'subscription-lost' }]));
      await ensureTopics({ brokers, replicationFactor: 1 }, [wanted(topic)]);
      await bus.publish(numbered(topic, ['a'], 2));
      await eventually(() => expect(reader.ofKey('a')).toEqual([0, 1]));
    });
  },

  'a handler that throws is reported, with its partition': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    const reports: KafkaReport[] = [];
    const error = new TypeError('x');
    const observe = (report: KafkaReport) => void reports.push(report);
    await using(KafkaBus.connect({ brokers, clientId: 'thrower', observe }), async (bus) => {
      read(bus, [topic], 'throwers', () => Promise.reject(error));
      await bus.publish(numbered(topic, ['a'], 1));
      const report = { kind: 'handler-failed', group: 'throwers', topic, partition: 0, error };
      await eventually(() => expect(reports[0]).toEqual(report));
    });
  },

  'a member that loses a topic is told, and what it marks afterwards does not count': async (brokers) => {
    const topics = [await createTopic(brokers, 1), await createTopic(brokers, 1)];
    const group = unique('group');
    const gate = newGate();
    const signals: AbortSignal[] = [];
    const begun: string[] = [];
    const reports: KafkaReport[] = [];
    const observe = (report: KafkaReport) => void reports.push(report);
    await using(KafkaBus.connect({ brokers, clientId: 'loser', observe }), async (bus) => {
      await bus.publish(topics.flatMap((topic) => numbered(topic, ['a'], 2)));
      const handle: Parameters<typeof bus.subscribe>[0]['handle'] = async (messages, control) => {
        signals.push(control.signal);
        begun.push(...messages.map(({ topic }) => topic));
        await gate.opened;
        for (const message of messages) control.markHandled(message);
      };
      await bus.subscribe({ group, topics, handle });
      await eventually(() => expect(signals).toHaveLength(2));
      await bus.subscribe({ group, topics, handle });
      await eventually(() => expect(signals.slice(0, 2).map(({ aborted }) => aborted)).toEqual([true, true]));
      // The second member has one of the topics now, so that the first has nothing to mark there.
      await eventually(() => expect(begun).toHaveLength(6));
      gate.open();
      await eventually(() => expect(begun).toHaveLength(8));
      expect(reports).toEqual([]);
    });
  },

  'a partition that comes back to a member while its last batch is under way waits for it': async (brokers) => {
    const topic = await createTopic(brokers, 2);
    const gate = newGate();
    const reports: KafkaReport[] = [];
    const observe = (report: KafkaReport) => void reports.push(report);
    await behindFaults(brokers, async (proxy) => {
      await using(KafkaBus.connect({ brokers: proxy.brokers, clientId: 'keeper', observe }), async (bus) => {
        await bus.publish(numbered(topic, ['a'], 1));
        const reader = read(bus, [topic], unique('group'), (messages) =>
          messages.some(({ key }) => key === 'a') ? gate.opened : Promise.resolve(),
        );
        await eventually(() => expect(reader.begun).toEqual(['a']));
        proxy.become('down');
        await eventually(() => expect(reports).toMatchObject([{ kind: 'subscription-lost' }]));
        proxy.become('pass');
        await eventually(() => bus.publish(numbered(topic, [...'bcdefgh'], 1)));
        await eventually(() => expect(reader.seen).not.toEqual([]));
        // A member again, it could now have been given the batch of the other partition a second time.
        await sleep(500);
        expect(reader.begun.filter((key) => key === 'a')).toHaveLength(1);
        gate.open();
        await eventually(() => expect(reader.ofKey('a')).toEqual([0]));
      });
    });
  },

  'a broker that does not answer makes publishing and checking fail in time': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await behindFaults(brokers, async (proxy) => {
      for (const fault of ['silent', 'down'] as const) {
        proxy.become(fault);
        await using(KafkaBus.connect({ brokers: proxy.brokers, clientId: fault, timeoutMs: 500 }), async (bus) => {
          await expect(bus.publish(numbered(topic, ['a'], 1))).rejects.toBeInstanceOf(BusUnavailable);
          await expect(bus.check()).rejects.toBeInstanceOf(BusUnavailable);
          expect(await (await bus.subscribe({ group: 'g', topics: [topic], handle: async () => {} })).lag()).toBe(
            undefined,
          );
        });
      }
    });
  },

  'an outage is survived by publisher and subscription, without a word on the console': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    const words = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write'));
    await behindFaults(brokers, async (proxy) => {
      const reports: KafkaReport[] = [];
      const observe = (report: KafkaReport) => void reports.push(report);
      const options = { brokers: proxy.brokers, clientId: 'outage', timeoutMs: 1_000, observe };
      await using(KafkaBus.connect(options), async (bus) => {
        const reader = read(bus, [topic]);
        await bus.publish(numbered(topic, ['a'], 1));
        await eventually(() => expect(reader.ofKey('a')).toEqual([0]));
        for (const [round, fault] of (['down', 'silent'] as const).entries()) {
          proxy.become(fault);
          await expect(bus.publish(numbered(topic, ['a'], 1, 100))).rejects.toBeInstanceOf(BusUnavailable);
          if (fault === 'down') await eventually(() => expect(reports).not.toEqual([]));
          proxy.become('down');
          proxy.become('pass');
          await eventually(() => bus.publish(numbered(topic, ['a'], 1, round + 1)));
          await eventually(() => expect(reader.ofKey('a')).toContain(round + 1));
        }
      });
    });
    for (const word of words) expect(word).not.toHaveBeenCalled();
    for (const word of words) word.mockRestore();
  },

  'messages are not dropped as repeats of others whose confirmation was lost': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await behindFaults(brokers, async (proxy) => {
      const options = { brokers: proxy.brokers, clientId: 'unconfirmed', timeoutMs: 1_000 };
      await using(KafkaBus.connect(options), async (bus) => {
        await bus.publish(numbered(topic, ['a'], 2));
        proxy.become('unconfirmed');
        await expect(bus.publish(numbered(topic, ['a'], 2, 2))).rejects.toBeInstanceOf(BusUnavailable);
        proxy.become('pass');
        await bus.publish(numbered(topic, ['a'], 2, 4));
      });
      await using(KafkaBus.connect({ brokers, clientId: 'reader' }), async (bus) => {
        const reader = read(bus, [topic]);
        await eventually(() => expect(reader.ofKey('a')).toContain(5));
        expect(reader.ofKey('a')).toEqual(numbers(6));
      });
    });
  },

  'what was given up is not sent later': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await behindFaults(brokers, async (proxy) => {
      const bus = KafkaBus.connect({ brokers: proxy.brokers, clientId: 'late', timeoutMs: 1_000 });
      await using(bus, async () => {
        await bus.publish(numbered(topic, ['a'], 1));
        proxy.become('silent');
        await expect(bus.publish(numbered(topic, ['a'], 1, 1))).rejects.toBeInstanceOf(BusUnavailable);
        const { produced } = proxy;
        proxy.become('pass');
        await sleep(2_000);
        expect(proxy.produced).toBe(produced);
      });
    });
  },

  'what waits behind a failed publication fails with it': async (brokers) => {
    const topic = await createTopic(brokers, 1);
    await behindFaults(brokers, async (proxy) => {
      await using(KafkaBus.connect({ brokers: proxy.brokers, clientId: 'behind', timeoutMs: 500 }), async (bus) => {
        await bus.publish(numbered(topic, ['a'], 1));
        proxy.become('unconfirmed');
        const first = bus.publish(numbered(topic, ['a'], 1, 1)).catch((error: unknown) => error);
        await sleep(50);
        const second = bus.publish(numbered(topic, ['a'], 1, 2)).catch((error: unknown) => error);
        expect(await first).toBeInstanceOf(BusUnavailable);
        proxy.become('pass');
        expect(await second).toBeInstanceOf(BusUnavailable);
      });
    });
  },

  'a missing topic is created with its partitions and settings': async (brokers) => {
    const topic = wanted(unique('topic'), { 'retention.ms': '-1', 'cleanup.policy': 'compact' }, 3);
    expect(await ensureTopics({ brokers, replicationFactor: 1 }, [topic])).toEqual([
      { name: topic.name, outcome: 'created', differences: [] },
    ]);
    expect(await settingsOf(brokers, topic.name)).toMatchObject(topic.settings);
    const metadata = await withAdmin(brokers, (admin) => admin.fetchTopicMetadata({ topics: [topic.name] }));
    expect(metadata.topics[0]?.partitions).toHaveLength(3);
  },

  'several may create the same topics at the same moment, and all know them then': async (brokers) => {
    const topics = Array.from({ length: 40 }, () => wanted(unique('topic'), { 'retention.ms': '-1' }, 6));
    const ensured = await Promise.all(
      [topics, topics.toReversed(), topics.slice(0, 20), topics.slice(20), topics, topics].map((some) =>
        ensureTopics({ brokers, replicationFactor: 1 }, some),
      ),
    );
    for (const { outcome } of ensured.flat()) expect(['created', 'unchanged']).toContain(outcome);
    const names = topics.map(({ name }) => name);
    const metadata = await withAdmin(brokers, (admin) => admin.fetchTopicMetadata({ topics: names }));
    expect(metadata.topics.map(({ partitions }) => partitions.length)).toEqual(names.map(() => 6));
  },

  'a topic that is as it should be stays untouched': async (brokers) => {
    const topic = wanted(unique('topic'), { 'retention.ms': '-1' });
    await ensureTopics({ brokers, replicationFactor: 1 }, [topic]);
    expect(await ensureTopics({ brokers, replicationFactor: 1 }, [topic])).toEqual([
      { name: topic.name, outcome: 'unchanged', differences: [] },
    ]);
  },

  'a topic with other settings gets the wanted ones and keeps the rest': async (brokers) => {
    const topic = wanted(unique('topic'), { 'retention.ms': '1000', 'max.message.bytes': '2000000' });
    await ensureTopics({ brokers, replicationFactor: 1 }, [topic]);
    const changed = wanted(topic.name, { 'retention.ms': '-1' });
    expect(await ensureTopics({ brokers, replicationFactor: 1 }, [changed])).toEqual([
      { name: topic.name, outcome: 'altered', differences: ['retention.ms was 1000 and is now -1.'] },
    ]);
    expect(await settingsOf(brokers, topic.name)).toMatchObject({
      'retention.ms': '-1',
      'max.message.bytes': '2000000',
    });
  },

  'a topic with another number of partitions is left as it is and reported': async (brokers) => {
    const topic = wanted(unique('topic'), {}, 2);
    await ensureTopics({ brokers, replicationFactor: 1 }, [topic]);
    expect(await ensureTopics({ brokers, replicationFactor: 1 }, [{ ...topic, partitions: 6 }])).toEqual([
      {
        name: topic.name,
        outcome: 'different',
        differences: ['It has 2 partitions instead of 6, which cannot be changed.'],
      },
    ]);
  },
});

function ruled(
  prefix: string,
  rules: Readonly<Record<string, (world: BusWorld) => Promise<void>>>,
  run: (prove: (world: BusWorld) => Promise<void>, brokers: Brokers) => Promise<void>,
): Record<string, (brokers: Brokers) => Promise<void>> {
  return Object.fromEntries(
    Object.entries(rules).map(([rule, prove]) => [prefix + rule, (brokers: Brokers) => run(prove, brokers)]),
  );
}

function wanted(name: string, settings: WantedTopic['settings'] = {}, partitions = 1): WantedTopic {
  return { name, partitions, settings };
}

async function createTopic(brokers: Brokers, partitions: number): Promise<string> {
  const name = unique('topic');
  await ensureTopics({ brokers, replicationFactor: 1 }, [wanted(name, {}, partitions)]);
  return name;
}

async function using(bus: KafkaBus, work: (bus: KafkaBus) => Promise<void>): Promise<void> {
  await work(bus).finally(() => bus.close());
}

async function behindFaults([broker = '']: Brokers, work: (proxy: FaultProxy) => Promise<void>): Promise<void> {
  const proxy = await startFaultProxy(broker);
  await work(proxy).finally(() => proxy.close());
}

async function withAdmin<Result>(
  brokers: Brokers,
  work: (admin: ReturnType<Kafka['admin']>) => Promise<Result>,
): Promise<Result> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

async function settingsOf(brokers: Brokers, name: string): Promise<Record<string, string>> {
  const request = { includeSynonyms: false, resources: [{ type: 2, name }] };
  const { resources } = await withAdmin(brokers, (admin) => admin.describeConfigs(request));
  return Object.fromEntries(resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]) ?? []);
}
