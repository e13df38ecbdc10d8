import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchControl, type Bus, type BusMessage, BusUnavailable, type DeliveredMessage } from '../bus';

/** What a rule is proved on: a bus of its own and topics that no other rule uses. */
export interface BusWorld {
  readonly bus: Bus;
  createTopic(partitions: number): Promise<string>;
}

/** What every adapter of the bus port must do, as rules to be registered as tests. */
export const busContract: Readonly<Record<string, (world: BusWorld) => Promise<void>>> = {
  'gives a new group all that was ever published, in the order of each key': async ({ bus, createTopic }) => {
    const topic = await createTopic(3);
    const published = numbered(topic, ['a', 'b', 'c', 'd'], 20);
    await bus.publish(published);
    const reader = read(bus, [topic]);
    await eventually(() => expect(reader.seen).toHaveLength(80));
    for (const key of ['a', 'b', 'c', 'd']) expect(reader.ofKey(key)).toEqual(numbers(20));
  },

  'gives every message with its topic, key, headers and bytes as they were published': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    const messages: BusMessage[] = [
      {
        topic,
        key: 'registry.organisation-1',
        headers: { ce_id: '1', name: 'Köln – Київ' },
        value: Buffer.from([0, 255, 10]),
      },
      { topic, key: 'Schlüssel', headers: {}, value: Buffer.alloc(0) },
    ];
    await bus.publish(messages);
    const reader = read(bus, [topic]);
    await eventually(() => expect(reader.seen).toHaveLength(2));
    expect(reader.seen).toMatchObject(messages);
    expect(reader.seen.map(({ offset }) => offset)).toEqual([0n, 1n]);
  },

  'keeps the order of a key for who publishes without waiting': async ({ bus, createTopic }) => {
    const topic = await createTopic(2);
    await Promise.all(numbered(topic, ['a'], 200).map((message) => bus.publish([message])));
    const reader = read(bus, [topic]);
    await eventually(() => expect(reader.ofKey('a')).toEqual(numbers(200)));
  },

  'publishes more in one call than one request can carry': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    const value = Buffer.alloc(300_000, 'x');
    await bus.publish(numbered(topic, ['a'], 10).map((message) => ({ ...message, value })));
    const reader = read(bus, [topic]);
    await eventually(() => expect(reader.ofKey('a')).toEqual(numbers(10)));
  },

  'publishing nothing is done at once': async ({ bus }) => {
    await expect(bus.publish([])).resolves.toBeUndefined();
  },

  'gives everything to each of two groups': async ({ bus, createTopic }) => {
    const topic = await createTopic(2);
    const readers = [read(bus, [topic]), read(bus, [topic])];
    await bus.publish(numbered(topic, ['a', 'b'], 5));
    for (const reader of readers) await eventually(() => expect(reader.seen).toHaveLength(10));
  },

  'gives a group the messages of all its topics': async ({ bus, createTopic }) => {
    const topics = [await createTopic(1), await createTopic(1)];
    await bus.publish(topics.flatMap((topic) => numbered(topic, ['a'], 2)));
    const reader = read(bus, topics);
    await eventually(() => expect(reader.seen.map(({ topic }) => topic).sort()).toEqual([...topics, ...topics].sort()));
  },

  'leaves out no message when two members share a group': async ({ bus, createTopic }) => {
    const topic = await createTopic(4);
    const group = unique('group');
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const members = [read(bus, [topic], group)];
    await bus.publish(numbered(topic, keys, 10));
    members.push(read(bus, [topic], group));
    await bus.publish(numbered(topic, keys, 10, 10));
    const seen = (key: string) => [...new Set(members.flatMap((member) => member.ofKey(key)))].sort((a, b) => a - b);
    for (const key of keys) await eventually(() => expect(seen(key)).toEqual(numbers(20)));
  },

  'goes on behind what the group has handled': async ({ bus, createTopic }) => {
    const topic = await createTopic(2);
    const group = unique('group');
    await bus.publish(numbered(topic, ['a', 'b'], 5));
    const first = read(bus, [topic], group);
    await eventually(() => expect(first.seen).toHaveLength(10));
    await first.stop();
    await bus.publish(numbered(topic, ['a', 'b'], 5, 5));
    const second = read(bus, [topic], group);
    await eventually(() => expect(second.seen).toHaveLength(10));
    expect(second.ofKey('a')).toEqual([5, 6, 7, 8, 9]);
  },

  'brings again, from the first that was not marked as handled, when the handler throws': async ({
    bus,
    createTopic,
  }) => {
    const topic = await createTopic(1);
    await bus.publish(numbered(topic, ['a'], 5));
    const batches: number[][] = [];
    await bus.subscribe({
      group: unique('group'),
      topics: [topic],
      handle: async (messages, control) => {
        batches.push(messages.map(numberOf));
        for (const message of messages) {
          if (numberOf(message) === 2 && batches.length === 1) throw new Error('The rows are not there.');
          control.markHandled(message);
        }
      },
    });
    await eventually(() => expect(batches).toEqual([numbers(5), [2, 3, 4]]));
  },

  'brings again what a handler that did not throw has not marked': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    await bus.publish(numbered(topic, ['a'], 3));
    const batches: number[][] = [];
    await bus.subscribe({
      group: unique('group'),
      topics: [topic],
      handle: async ([first, ...others], control) => {
        if (first === undefined) return;
        batches.push([first, ...others].map(numberOf));
        control.markHandled(first);
      },
    });
    await eventually(() => expect(batches).toEqual([[0, 1, 2], [1, 2], [2]]));
  },

  'gives a handler that fails again and again time between its tries': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    let tries = 0;
    read(bus, [topic], unique('group'), async () => {
      tries += 1;
      throw new Error('No.');
    });
    await bus.publish(numbered(topic, ['a'], 1));
    await eventually(() => expect(tries).toBeGreaterThan(0));
    await sleep(500);
    expect(tries).toBeLessThan(20);
  },

  ...Object.fromEntries(
    [new TypeError('x'), new RangeError('x'), new SyntaxError('x'), new ReferenceError('x'), 'a text', undefined].map(
      (thrown) => [
        `goes on after a handler has thrown ${thrown instanceof Error ? thrown.name : String(thrown)}`,
        ({ bus, createTopic }: BusWorld) => goesOnAfter(thrown, bus, createTopic),
      ],
    ),
  ),

  'hands over one batch of a partition at a time': async ({ bus, createTopic }) => {
    const topic = await createTopic(2);
    const underWay = new Map<number, number>();
    let atOnce = 0;
    const reader = read(bus, [topic], unique('group'), async (messages) => {
      const partition = messages[0]?.partition ?? -1;
      expect(messages.every((message) => message.partition === partition)).toBe(true);
      underWay.set(partition, (underWay.get(partition) ?? 0) + 1);
      atOnce = Math.max(atOnce, ...underWay.values());
      await sleep(20);
      underWay.set(partition, (underWay.get(partition) ?? 0) - 1);
    });
    for (let round = 0; round < 10; round += 1) await bus.publish(numbered(topic, ['a', 'b', 'c'], 3, round * 3));
    await eventually(() => expect(reader.seen).toHaveLength(90));
    expect(atOnce).toBe(1);
  },

  'stops after the message under way, with that message handled and no other begun': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    const group = unique('group');
    const gate = newGate();
    const handled: number[] = [];
    let underWay: BatchControl | undefined;
    await bus.publish(numbered(topic, ['a'], 3));
    const subscription = await bus.subscribe({
      group,
      topics: [topic],
      handle: async (messages, control) => {
        underWay = control;
        for (const message of messages) {
          if (control.signal.aborted) return;
          await gate.opened;
          handled.push(numberOf(message));
          control.markHandled(message);
        }
      },
    });
    await eventually(() => expect(underWay).toBeDefined());
    const stopped = subscription.stop();
    expect(underWay?.signal.aborted).toBe(true);
    gate.open();
    await stopped;
    expect(handled).toEqual([0]);
    const successor = read(bus, [topic], group);
    await eventually(() => expect(successor.ofKey('a')).toEqual([1, 2]));
  },

  'tells how many messages of a topic are not handled yet': async ({ bus, createTopic }) => {
    const topic = await createTopic(2);
    const gate = newGate();
    const { subscription } = read(bus, [topic], unique('group'), () => gate.opened);
    await bus.publish(numbered(topic, ['a', 'b', 'c'], 2));
    await eventually(async () => expect(await (await subscription).lag()).toEqual(new Map([[topic, 6n]])));
    gate.open();
    await eventually(async () => expect(await (await subscription).lag()).toEqual(new Map([[topic, 0n]])));
  },

  'answers a check': async ({ bus }) => {
    await expect(bus.check()).resolves.toBeUndefined();
  },

  'publishes nothing more when it is closed': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    await bus.close();
    await expect(bus.publish(numbered(topic, ['a'], 1))).rejects.toBeInstanceOf(BusUnavailable);
  },

  'ends its subscriptions when it is closed': async ({ bus, createTopic }) => {
    const topic = await createTopic(1);
    const gate = newGate();
    let signal: AbortSignal | undefined;
    await bus.subscribe({
      group: unique('group'),
      topics: [topic],
      handle: async (_, control) => {
        signal = control.signal;
        await gate.opened;
      },
    });
    await bus.publish(numbered(topic, ['a'], 1));
    await eventually(() => expect(signal).toBeDefined());
    const closed = bus.close();
    await eventually(() => expect(signal?.aborted).toBe(true));
    gate.open();
    await closed;
  },
};

/** What an adapter must do besides when its topics have several partitions. */
export const partitionContract: Readonly<Record<string, (world: BusWorld) => Promise<void>>> = {
  'lets the other partitions flow while the handler of one does not return': async ({ bus, createTopic }) => {
    const topic = await createTopic(4);
    const gate = newGate();
    const keys = ['a', ...numbers(39).map(String)];
    await bus.publish(numbered(topic, ['a'], 1));
    const reader = read(bus, [topic], unique('group'), (messages) =>
      messages.some(({ key }) => key === 'a') ? gate.opened : Promise.resolve(),
    );
    await eventually(() => expect(reader.begun).toContain('a'));
    const stuck = reader.partitionOf('a');
    for (let round = 0; round < 3; round += 1) await bus.publish(numbered(topic, keys, 1, 1 + round));
    await eventually(() =>
      expect(new Set(reader.seen.map(({ partition }) => partition)).size).toBeGreaterThanOrEqual(3),
    );
    await eventually(() => expect(Math.max(...reader.seen.map(numberOf))).toBe(3));
    expect(reader.seen.map(({ partition }) => partition)).not.toContain(stuck);
    gate.open();
    await eventually(() => expect(reader.seen).toHaveLength(121));
  },

  'lets the other partitions flow while one fails again and again': async ({ bus, createTopic }) => {
    const topic = await createTopic(4);
    const reader = read(bus, [topic], unique('group'), async (messages) => {
      if (messages.some(({ key }) => key === 'a')) throw new Error('No.');
    });
    await bus.publish(numbered(topic, ['a', ...numbers(39).map(String)], 1));
    await eventually(() => expect(reader.begun.filter((key) => key === 'a').length).toBeGreaterThan(2));
    await eventually(() =>
      expect(new Set(reader.seen.map(({ partition }) => partition)).size).toBeGreaterThanOrEqual(3),
    );
  },
};

async function goesOnAfter(thrown: unknown, bus: Bus, createTopic: BusWorld['createTopic']): Promise<void> {
  const topic = await createTopic(1);
  let failures = 0;
  const reader = read(bus, [topic], unique('group'), async () => {
    failures += 1;
    if (failures <= 2) throw thrown;
  });
  await bus.publish(numbered(topic, ['a'], 2));
  await eventually(() => expect(reader.ofKey('a')).toEqual([0, 1]));
  await bus.publish(numbered(topic, ['a'], 1, 2));
  await eventually(() => expect(reader.ofKey('a')).toEqual([0, 1, 2]));
  expect(failures).toBeGreaterThan(2);
}

/** Subscribes and remembers what was handled; `before` runs before a batch counts as handled. */
export function read(
  bus: Bus,
  topics: readonly string[],
  group = unique('group'),
  before: (messages: readonly DeliveredMessage[]) => Promise<void> = () => Promise.resolve(),
) {
  const seen: DeliveredMessage[] = [];
  const begun: string[] = [];
  const partitions = new Map<string, number>();
  const subscription = bus.subscribe({
    group,
    topics,
    handle: async (messages, control) => {
      begun.push(...messages.map(({ key }) => key));
      for (const { key, partition } of messages) partitions.set(key, partition);
      await before(messages);
      for (const message of messages) {
        if (control.signal.aborted) return;
        seen.push(message);
        control.markHandled(message);
      }
    },
  });
  return {
    seen,
    /** The keys of all messages that the handler was given. */
    begun,
    subscription,
    ofKey: (key: string) => seen.filter((message) => message.key === key).map(numberOf),
    partitionOf: (key: string) => partitions.get(key),
    stop: async () => (await subscription).stop(),
  };
}

/** `count` messages for each key, numbered from `from`; the keys take turns. */
export function numbered(topic: string, keys: readonly string[], count: number, from = 0): BusMessage[] {
  return numbers(count).flatMap((number) =>
    keys.map((key) => ({ topic, key, headers: { number: String(from + number) }, value: Buffer.from(key) })),
  );
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

function numberOf({ headers }: BusMessage): number {
  return Number(headers.number);
}

export function unique(name: string): string {
  return `${name}-${crypto.randomUUID()}`;
}

/** Resolves when the expectation holds; throws its last failure when that takes too long. */
export async function eventually(expectation: () => void | Promise<void>, withinMs = 30_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await expectation();
    } catch (failure) {
      if (Date.now() > deadline) throw failure;
      await sleep(10);
    }
  }
}

/** A promise and the way to resolve it. */
export function newGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
