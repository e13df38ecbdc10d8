import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordFile } from '@alliance/embedded';
import { systemClock } from '@alliance/event-sourcing';
import type { DeliveredMessage } from '../bus';
import { eventually } from '../testing/consumer-database';
import { thingMessage } from '../testing/thing-contract';
import { InProcessBus } from './in-process-bus';
import type { Journal } from './journal-records';

const topic = 'testing.thing.v1';
let folder: string;
const opened: { bus: InProcessBus; file: Journal }[] = [];
const killed: InProcessBus[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in process bus '));
});
afterEach(async () => {
  for (const { bus } of opened.splice(0)) await bus.close();
  // Their files are closed already; what still runs of them has to end all the same.
  for (const bus of killed.splice(0)) await bus.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});

async function open(): Promise<InProcessBus> {
  let file: Journal | undefined;
  const bus = await InProcessBus.open({
    clock: systemClock,
    openJournal: async (onRecord) => (file = await RecordFile.open(join(folder, 'bus'), { onRecord })),
  });
  if (file) opened.push({ bus, file });
  return bus;
}

/** What a kill leaves: the file is let go without a word from the bus. */
async function kill(): Promise<void> {
  for (const { bus, file } of opened.splice(0)) {
    killed.push(bus);
    await file.close();
  }
}

async function consume(bus: InProcessBus, group: string, mark = true) {
  const got: DeliveredMessage[] = [];
  const subscription = await bus.subscribe({
    group,
    topics: [topic],
    handle: async (messages, control) => {
      for (const message of messages) {
        got.push(message);
        if (mark) control.markHandled(message);
      }
      if (!mark) throw new Error('Not handled.');
    },
  });
  return { got, subscription };
}

describe('The in-process bus with a journal', () => {
  it('keeps messages and places over a restart', async () => {
    const before = await open();
    await before.publish([thingMessage('a', 0), thingMessage('b', 0, 'Öl')]);
    const first = await consume(before, 'g');
    await eventually(() => first.got.length === 2);
    await first.subscription.stop();
    await before.publish([thingMessage('a', 1)]);
    await before.close();

    const after = await open();
    const [known, fresh] = [await consume(after, 'g'), await consume(after, 'new')];
    await eventually(() => known.got.length === 1 && fresh.got.length === 3);
    expect(known.got).toEqual([{ ...thingMessage('a', 1), partition: 0, offset: 2n }]);
    expect(fresh.got.map(({ offset }) => offset)).toEqual([0n, 1n, 2n]);
    expect(fresh.got[1]).toMatchObject(thingMessage('b', 0, 'Öl'));
  });

  it('delivers again after a kill what was not marked as handled, and loses nothing that was published', async () => {
    const before = await open();
    await before.publish([thingMessage('a', 0), thingMessage('a', 1)]);
    const first = await consume(before, 'g', false);
    await eventually(() => first.got.length > 0);
    await kill();

    const after = await open();
    const again = await consume(after, 'g');
    await eventually(() => again.got.length === 2);
    expect(again.got.map(({ headers }) => headers['ce_streamrevision'])).toEqual(['0', '1']);
  });

  it('remembers after a kill roughly how far a group had come', async () => {
    const before = await open();
    await before.publish(Array.from({ length: 600 }, (_, revision) => thingMessage('a', revision)));
    const first = await consume(before, 'g');
    await eventually(() => first.got.length === 600);
    await systemClock.sleep(400);
    await kill();

    const after = await open();
    const { subscription } = await consume(after, 'g');
    expect(await subscription.lag()).toEqual(new Map([[topic, 0n]]));
  });

  it('lists concurrent publications in the order in which the journal has them', async () => {
    const before = await open();
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => before.publish([thingMessage('a', 2 * n), thingMessage('a', 2 * n + 1)])),
    );
    const first = await consume(before, 'g');
    await eventually(() => first.got.length === 100);
    await before.close();
    const second = await consume(await open(), 'again');
    await eventually(() => second.got.length === 100);
    expect(second.got).toEqual(first.got);
  });

  it('hands a topic to the next member of the group when the first has left', async () => {
    const bus = InProcessBus.inMemory(systemClock);
    const [first, second] = [await consume(bus, 'g'), await consume(bus, 'g')];
    await bus.publish([thingMessage('a', 0)]);
    await eventually(() => first.got.length === 1);
    await first.subscription.stop();
    await bus.publish([thingMessage('a', 1)]);
    await eventually(() => second.got.length === 1);
    expect(second.got[0]?.offset).toBe(1n);
    await bus.close();
  });

  it('says that it is not available when the journal cannot be written', async () => {
    const bus = await open();
    await kill();
    await expect(bus.publish([thingMessage('a', 0)])).rejects.toMatchObject({ name: 'BusUnavailable' });
  });
});
