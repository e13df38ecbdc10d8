import {
  type Bus,
  type BusMessage,
  type BusSubscription,
  BusUnavailable,
  type DeliveredMessage,
} from '@alliance/event-bus';
import type { SimulatedProcess } from './simulated-process';
import type { World } from './world';

type Handle = Parameters<Bus['subscribe']>[0]['handle'];

interface Member {
  readonly process: SimulatedProcess;
  readonly handle: Handle;
  /** The deliveries that it works on. */
  readonly under: Set<AbortController>;
}

/** How one group goes through one partition. */
interface Lane {
  committed: number;
  readonly members: Set<Member>;
  wake: () => void;
}

const PARTITIONS = 2;
const REBALANCE = 0.08;

/**
 * The bus, shared by all processes: ordered per key, at least once, and no better than that. Requests are carried out
 * by half, partitions change hands while their messages are being handled, and commits come late.
 */
export class SimulatedBus {
  private readonly partitions = new Map<string, DeliveredMessage[]>();
  private readonly ids = new Set<string>();
  private readonly lanes = new Map<string, Lane>();
  /** What was put, in order, with repeats. */
  readonly puts: string[] = [];

  constructor(private readonly world: World) {}

  /** Whether a message of this CloudEvents id has been put on the bus. */
  holds(id: string): boolean {
    return this.ids.has(id);
  }

  /** Whether the group has said of every message that it is handled. */
  isHandled(group: string, topic: string): boolean {
    return Array.from({ length: PARTITIONS }, (_, number) => number).every(
      (number) => this.lanes.get(laneOf(group, topic, number))?.committed === this.partition(topic, number).length,
    );
  }

  put(messages: readonly BusMessage[]): void {
    for (const message of messages) {
      const number = partitionOf(message.key);
      const partition = this.partition(message.topic, number);
      const id = message.headers['ce_id'] ?? '';
      this.ids.add(id);
      this.puts.push(id);
      partition.push({ ...message, partition: number, offset: BigInt(partition.length) });
    }
    for (const lane of this.lanes.values()) lane.wake();
  }

  seenBy(process: SimulatedProcess): Bus {
    const unavailable = (text: string) => new BusUnavailable(text);
    return {
      publish: (messages) =>
        process.effect(() => {
          if (!this.world.mishap(0.1)) return this.put(messages);
          const reached = this.world.between(0, messages.length);
          this.put(messages.slice(0, reached));
          throw unavailable(`Only ${reached} messages got through.`);
        }, unavailable),
      subscribe: async ({ group, topics, handle }) => {
        await process.effect(() => undefined, unavailable);
        const member = { process, handle, under: new Set<AbortController>() };
        const lanes = topics.flatMap((topic) => this.join(group, topic, member));
        const leave = () => lanes.forEach(({ members }) => members.delete(member));
        process.onDeath(leave);
        const subscription: BusSubscription = {
          stop: async () => {
            leave();
            for (const delivery of member.under) delivery.abort('The member leaves.');
          },
          lag: async () => undefined,
        };
        return subscription;
      },
      check: async () => undefined,
      close: async () => undefined,
    };
  }

  private join(group: string, topic: string, member: Member): Lane[] {
    return Array.from({ length: PARTITIONS }, (_, number) => {
      const name = laneOf(group, topic, number);
      const existing = this.lanes.get(name);
      const lane = existing ?? { committed: 0, members: new Set<Member>(), wake: () => undefined };
      lane.members.add(member);
      if (existing === undefined) {
        this.lanes.set(name, lane);
        void this.deliver(lane, this.partition(topic, number));
      }
      lane.wake();
      return lane;
    });
  }

  /** Gives one batch after the other to some member of the group, for ever. */
  private async deliver(lane: Lane, partition: readonly DeliveredMessage[]): Promise<never> {
    for (;;) {
      while (lane.members.size === 0 || lane.committed >= partition.length) {
        await new Promise<void>((resolve) => (lane.wake = resolve));
      }
      await this.pass(this.world.latency());
      if (lane.members.size === 0) continue;
      await this.deliverOnce(lane, partition, this.world.pick([...lane.members]));
    }
  }

  private async deliverOnce(lane: Lane, partition: readonly DeliveredMessage[], member: Member): Promise<void> {
    const lost = new AbortController();
    let handled = lane.committed;
    const batch = partition.slice(lane.committed, lane.committed + this.world.between(1, 12));
    const delivery = member.handle(batch, {
      signal: lost.signal,
      markHandled: ({ offset }) => (handled = Number(offset) + 1),
      heartbeat: () => member.process.effect(() => undefined),
    });
    const over = delivery.catch(() => this.pass(100));
    // The group may give the partition to another member, while this one still handles what it was given.
    const rebalanced = this.world.mishap(REBALANCE)
      ? this.pass(this.world.between(0, 100))
      : new Promise<void>(() => undefined);
    const died = new Promise<void>((resolve) => member.process.onDeath(resolve));
    member.under.add(lost);
    const isLost = await Promise.race([over.then(() => false), rebalanced.then(() => true), died.then(() => true)]);
    member.under.delete(lost);
    if (isLost) lost.abort('The partition is lost.');
    // A commit may get lost; then the messages come again.
    if (!this.world.mishap(0.1)) lane.committed = handled;
  }

  private pass(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.world.later(durationMs, resolve));
  }

  private partition(topic: string, number: number): DeliveredMessage[] {
    const name = `${topic} ${number}`;
    const partition = this.partitions.get(name) ?? [];
    this.partitions.set(name, partition);
    return partition;
  }
}

function laneOf(group: string, topic: string, number: number): string {
  return `${group} ${topic} ${number}`;
}

function partitionOf(key: string): number {
  return [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % PARTITIONS;
}
