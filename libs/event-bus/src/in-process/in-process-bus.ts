import { setMaxListeners } from 'node:events';
import { backoffMs, type Clock } from '@alliance/event-sourcing';
import { type Bus, type BusMessage, type BusSubscription, BusUnavailable, type DeliveredMessage } from '../bus';
import { decodeRecord, encodeRecord, type Journal } from './journal-records';
import { Lane } from './lane';
import { MemoryJournal } from './memory-journal';

/** A topic: where in the journal its messages lie, in order, and who waits for more. */
interface Topic {
  readonly places: number[];
  readonly waiting: Set<() => void>;
}

type Handle = Parameters<Bus['subscribe']>[0]['handle'];

const MESSAGES_AT_A_TIME = 500;
/** Cursors are written no more often: what is delivered twice after a crash is recognised by the inbox. */
const SAVE_CURSORS_EVERY_MS = 200;

/**
 * The bus within one process. Every topic has one partition and is made by its first message. With a journal it
 * remembers messages and cursors over restarts, at least once, and holds no bodies in memory.
 */
export class InProcessBus implements Bus {
  private readonly topics = new Map<string, Topic>();
  private readonly lanes = new Map<string, Lane>();
  private readonly closing = new AbortController();
  private readonly running = new Set<BusSubscription>();
  private indexing: Promise<unknown> = Promise.resolve();
  private savingSoon = false;

  private constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** A bus that forgets everything when it is closed. */
  static inMemory(clock: Clock): InProcessBus {
    return new InProcessBus(new MemoryJournal(), clock);
  }

  /** A bus over a journal: `openJournal` hands every record that lies in it to `onRecord`, in order. */
  static async open(options: {
    readonly clock: Clock;
    readonly openJournal: (onRecord: (place: number, bytes: Buffer) => void) => Promise<Journal>;
  }): Promise<InProcessBus> {
    const found: { topic: string; place: number }[] = [];
    const cursors: { group: string; topic: string; next: number }[] = [];
    const journal = await options.openJournal((place, bytes) => {
      const record = decodeRecord(bytes);
      if ('cursor' in record) cursors.push(record.cursor);
      else found.push({ topic: record.message.topic, place });
    });
    const bus = new InProcessBus(journal, options.clock);
    for (const { topic, place } of found) bus.topic(topic).places.push(place);
    for (const { group, topic, next } of cursors) bus.lanes.set(laneName(group, topic), new Lane(group, topic, next));
    return bus;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.check();
    const written = this.journal.appendAll(messages.map((message) => encodeRecord({ message })));
    // Topics list their messages in the order of the journal, as they will again after a restart.
    const listed = Promise.allSettled([this.indexing, written]).then(async () => {
      const places = await written;
      for (const [index, { topic }] of messages.entries()) {
        const place = places[index];
        if (place !== undefined) this.topic(topic).places.push(place);
      }
    });
    this.indexing = listed.catch(() => undefined);
    try {
      await listed;
    } catch (error) {
      throw new BusUnavailable('The journal of the bus could not be written.', { cause: error });
    }
    for (const name of new Set(messages.map(({ topic }) => topic))) {
      for (const wake of this.topic(name).waiting) wake();
    }
  }

  async subscribe(options: {
    readonly group: string;
    readonly topics: readonly string[];
    readonly handle: Handle;
  }): Promise<BusSubscription> {
    await this.check();
    const leaving = new AbortController();
    const signal = AbortSignal.any([leaving.signal, this.closing.signal]);
    // Each topic listens to it, of which there may be many.
    setMaxListeners(0, signal);
    const lanes = options.topics.map((topic) => this.lane(options.group, topic));
    const deliveries = lanes.map((lane) => lane.inTurn(() => this.deliver(lane, options.handle, signal)));
    const subscription: BusSubscription = {
      stop: async () => {
        leaving.abort();
        await Promise.all(deliveries);
        this.running.delete(subscription);
        await this.saveCursors();
      },
      lag: async () => new Map(lanes.map((lane) => [lane.topic, this.lagOf(lane)])),
    };
    this.running.add(subscription);
    return subscription;
  }

  async check(): Promise<void> {
    if (this.closing.signal.aborted) throw new BusUnavailable('The bus is closed.');
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await Promise.all([...this.running].map((subscription) => subscription.stop()));
    await this.indexing;
    await this.journal.close();
  }

  /** Hands over what comes, one batch after the other, until the signal aborts. */
  private async deliver(lane: Lane, handle: Handle, signal: AbortSignal): Promise<void> {
    for (let failuresInARow = 0; !signal.aborted;) {
      const before = lane.next;
      try {
        const messages = await this.read(lane, signal);
        if (messages.length === 0) continue;
        await handle(messages, {
          signal,
          heartbeat: async () => undefined,
          markHandled: ({ offset }) => {
            lane.next = Number(offset) + 1;
            void this.saveCursorsSoon();
          },
        });
      } catch {
        // Whoever handles tells of its faults; here they only mean that the rest comes again.
      }
      failuresInARow = lane.next > before ? 0 : failuresInARow + 1;
      if (failuresInARow > 0) await this.clock.sleep(backoffMs(failuresInARow, this.clock), signal);
    }
  }

  /** The next messages of the lane, as soon as there are some; none when the signal aborts first. */
  private async read(lane: Lane, signal: AbortSignal): Promise<readonly DeliveredMessage[]> {
    const { places, waiting } = this.topic(lane.topic);
    while (lane.next >= places.length && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
    const first = lane.next;
    return Promise.all(
      places.slice(first, first + MESSAGES_AT_A_TIME).map(async (place, index) => {
        const record = decodeRecord(await this.journal.read(place));
        if (!('message' in record)) throw new Error(`There is no message at ${place} of the journal.`);
        return { ...record.message, partition: 0, offset: BigInt(first + index) };
      }),
    );
  }

  private async saveCursorsSoon(): Promise<void> {
    if (this.savingSoon) return;
    this.savingSoon = true;
    await this.clock.sleep(SAVE_CURSORS_EVERY_MS, this.closing.signal);
    this.savingSoon = false;
    await this.saveCursors();
  }

  /** A cursor that cannot be written is written with the next one; until then a restart delivers again. */
  private async saveCursors(): Promise<void> {
    const moved = [...this.lanes.values()].filter((lane) => lane.next !== lane.savedNext);
    const records = moved.map(({ group, topic, next }) => encodeRecord({ cursor: { group, topic, next } }));
    for (const lane of moved) lane.savedNext = lane.next;
    await this.journal.appendAll(records).catch(() => undefined);
  }

  private topic(name: string): Topic {
    let topic = this.topics.get(name);
    if (topic === undefined) this.topics.set(name, (topic = { places: [], waiting: new Set() }));
    return topic;
  }

  private lane(group: string, topic: string): Lane {
    let lane = this.lanes.get(laneName(group, topic));
    if (lane === undefined) this.lanes.set(laneName(group, topic), (lane = new Lane(group, topic, 0)));
    return lane;
  }

  private lagOf(lane: Lane): bigint {
    return BigInt(Math.max(0, this.topic(lane.topic).places.length - lane.next));
  }
}

function laneName(group: string, topic: string): string {
  return `${group}\n${topic}`;
}
