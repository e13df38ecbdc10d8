import { randomUUID } from 'node:crypto';
import type { EmbeddedEventStore } from '@alliance/embedded';
import { type Decider, fold, isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import * as fc from 'fast-check';
import { CommandIdReused, EventRejected, RevisionMismatch, StoreUnavailable, TooMuchContention } from './errors';
import { EventStore } from './event-store';
import { type Accepted, CommandSequence, handleCommand } from './handle-command';
import { startTestStore } from './testing/embedded-store';
import { startFrailConnection } from './testing/frail-connection';
import {
  ledger,
  ledgerCommand,
  type LedgerCommand,
  ledgerDecider,
  type LedgerEvent,
  ledgerEvents,
  paidIn,
} from './testing/ledger';

let server: EmbeddedEventStore;
let store: EventStore;

beforeAll(async () => {
  server = await startTestStore();
  store = EventStore.connect({ connectionString: server.connectionString });
});

afterAll(async () => {
  await store.close();
  await server.stop();
});

const streamOf = (id: string) => ledgerEvents.category.streamName(id);

async function eventsOf(id: string): Promise<RecordedEvent<LedgerEvent>[]> {
  const events: RecordedEvent<LedgerEvent>[] = [];
  for await (const event of store.readStream<LedgerEvent>(streamOf(id), ledgerEvents)) events.push(event);
  return events;
}

async function accepted(id: string, command: LedgerCommand, options?: Parameters<typeof handleCommand>[4]) {
  const answer = await handleCommand(store, ledger, id, command, options);
  if (isRefusal(answer)) throw new Error(answer.detail);
  return answer;
}

/** A decider whose every command is two events. */
const doubling: Decider<LedgerCommand, number, LedgerEvent> = {
  initialState: 0,
  decide: () => [
    { type: 'HoursPaidIn', data: { minutes: 1 } },
    { type: 'HoursPaidIn', data: { minutes: 2 } },
  ],
  evolve: (count) => count + 1,
};

describe('a command', () => {
  it('appends what it decides and says where stream and log stand', async () => {
    const id = randomUUID();
    const opened = await accepted(id, ledgerCommand('OpenLedger', { title: 'Hours' }));
    const paid = await accepted(id, ledgerCommand('PayIn', { minutes: 30 }));
    expect(opened).toMatchObject({ revision: 0n, events: [{ type: 'LedgerOpened', data: { title: 'Hours' } }] });
    expect(paid).toMatchObject({ revision: 1n, events: [{ type: 'HoursPaidIn', data: { minutes: 30 } }] });
    const events = await eventsOf(id);
    expect(events.map((event) => event.position)).toEqual([opened.position, paid.position]);
  });

  it('under the id of another is refused when both digests are known, and changes nothing', async () => {
    const id = randomUUID();
    const { context } = ledgerCommand('PayIn', { minutes: 30 });
    const saying = (commandDigest: string | undefined, minutes: number): LedgerCommand => ({
      ...ledgerCommand('PayIn', { minutes }),
      context: { ...context, commandDigest },
    });
    const first = await accepted(id, saying('thirty', 30));
    for (const startsStream of [false, true]) {
      await expect(accepted(id, saying('forty', 40), { startsStream })).rejects.toThrow(CommandIdReused);
      expect(await accepted(id, saying('thirty', 30), { startsStream })).toEqual(first);
    }
    expect(await accepted(id, saying(undefined, 40))).toEqual(first);
    expect(await eventsOf(id)).toMatchObject([{ data: { minutes: 30 } }]);

    const old = randomUUID();
    const before = await accepted(old, saying(undefined, 30));
    expect(await accepted(old, saying('forty', 40))).toEqual(before);
  });

  it('writes who, when and why beside each event, and the trace that it belongs to', async () => {
    const id = randomUUID();
    const plain = ledgerCommand('PayIn', { minutes: 30 });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const command = { ...plain, context: { ...plain.context, correlationId: 'c', causationId: 'd', traceparent } };
    await accepted(id, command);
    const [event] = await eventsOf(id);
    expect(event?.metadata).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      commandId: command.context.commandId,
      correlationId: 'c',
      causationId: 'd',
      actor: command.context.actor,
      occurredAt: command.context.at,
      schemaVersion: 1,
      traceparent,
    });
  });

  it('is answered with its refusal, and nothing is written', async () => {
    const id = randomUUID();
    const answer = await handleCommand(store, ledger, id, ledgerCommand('PayOut', { minutes: 1 }));
    expect(answer).toMatchObject({ refused: 'conflict', code: 'LEDGER_OVERDRAWN' });
    expect(await eventsOf(id)).toEqual([]);
  });

  it('that changes nothing is accepted with the present revision and position', async () => {
    const id = randomUUID();
    const opened = await accepted(id, ledgerCommand('OpenLedger', { title: 'Hours' }));
    const again = await accepted(id, ledgerCommand('OpenLedger', { title: 'Other' }));
    expect(again).toEqual({ revision: opened.revision, position: opened.position, events: [] });
  });

  it('writes nothing at all when one of its events breaks its schema', async () => {
    const id = randomUUID();
    const broken = { ...ledger, decider: { ...doubling, decide: () => [paidIn(1), paidIn(0)] as LedgerEvent[] } };
    const handling = handleCommand(store, broken, id, ledgerCommand('PayIn', { minutes: 1 }));
    await expect(handling).rejects.toThrow(EventRejected);
    expect(await eventsOf(id)).toEqual([]);
  });

  it('that starts a stream is decided without a read, and on the true state when the stream is there already', async () => {
    const id = randomUUID();
    const opened = await accepted(id, ledgerCommand('OpenLedger', { title: 'Hours' }), { startsStream: true });
    expect(opened.revision).toBe(0n);
    const again = await accepted(id, ledgerCommand('OpenLedger', { title: 'Other' }), { startsStream: true });
    expect(again).toEqual({ revision: opened.revision, position: opened.position, events: [] });
  });
});

describe('a command that comes twice', () => {
  it.each([{ startsStream: false }, { startsStream: true }])(
    'gives the same answer and one set of events (%j)',
    async (options) => {
      const id = randomUUID();
      const aggregate = { ...ledger, decider: doubling };
      const command = ledgerCommand('PayIn', { minutes: 1 });
      const first = await handleCommand(store, aggregate, id, command, options);
      await accepted(id, ledgerCommand('PayIn', { minutes: 9 }));
      const second = await handleCommand(store, aggregate, id, command, options);
      expect(second).toEqual(first);
      expect(await eventsOf(id)).toHaveLength(3);
    },
  );

  it('gives the same answer although the state would now refuse it or the client’s revision is old', async () => {
    const id = randomUUID();
    const { revision } = await accepted(id, ledgerCommand('PayIn', { minutes: 10 }));
    const command = ledgerCommand('PayOut', { minutes: 10 });
    const first = await accepted(id, command, { expectedRevision: revision });
    expect(await accepted(id, command, { expectedRevision: revision })).toEqual(first);
    expect(await accepted(id, command)).toEqual(first);
  });

  it.each([{ startsStream: false }, { startsStream: true }])(
    'has one set of events when the reply to the first was lost after the append (%j)',
    async (options) => {
      const frail = await startFrailConnection(server.connectionString);
      const remote = EventStore.connect({ connectionString: frail.connectionString, deadlineMs: 1_000 });
      try {
        await remote.check();
        const id = randomUUID();
        const command = ledgerCommand('OpenLedger', { title: 'Hours' });
        const first = handleCommand(remote, ledger, id, command, { startsStream: true });
        frail.loseReplies();
        await expect(first).rejects.toThrow(StoreUnavailable);
        const [written] = await eventsOf(id);
        expect(written).toMatchObject({ type: 'LedgerOpened', metadata: { commandId: command.context.commandId } });
        expect(await handleCommand(store, ledger, id, command, options)).toEqual({
          revision: 0n,
          position: written?.position,
          events: [{ type: 'LedgerOpened', data: { title: 'Hours' } }],
        });
        expect(await eventsOf(id)).toHaveLength(1);
      } finally {
        await remote.close();
        await frail.stop();
      }
    },
  );

  it('has one set of events when both come at the same time', async () => {
    const id = randomUUID();
    const command = ledgerCommand('PayIn', { minutes: 5 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => accepted(id, command)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await eventsOf(id)).toHaveLength(1);
  });
});

describe('commands in a race', () => {
  it('reload and decide anew on a conflict', async () => {
    const id = randomUUID();
    let interfere = 3;
    const racing = interfering(() => interfere-- > 0, id);
    const answer = await handleCommand(racing, ledger, id, ledgerCommand('PayIn', { minutes: 1 }));
    expect(answer).toMatchObject({ revision: 3n });
    expect(await eventsOf(id)).toHaveLength(4);
  });

  it('give up after three retries, having written nothing', async () => {
    const id = randomUUID();
    const command = ledgerCommand('PayIn', { minutes: 1 });
    await expect(
      handleCommand(
        interfering(() => true, id),
        ledger,
        id,
        command,
      ),
    ).rejects.toThrow(TooMuchContention);
    const events = await eventsOf(id);
    expect(events).toHaveLength(4);
    expect(events.map((event) => event.metadata.commandId)).not.toContain(command.context.commandId);
  });

  it('fail with a mismatch when the client knows another revision than the present one', async () => {
    const id = randomUUID();
    await accepted(id, ledgerCommand('PayIn', { minutes: 1 }));
    await accepted(id, ledgerCommand('PayIn', { minutes: 1 }), { expectedRevision: 0n });
    const stale = accepted(id, ledgerCommand('PayIn', { minutes: 1 }), { expectedRevision: 0n });
    await expect(stale).rejects.toThrow(RevisionMismatch);
    await expect(stale).rejects.toMatchObject({ expected: 0n, actual: 1n });
    const absent = accepted(randomUUID(), ledgerCommand('PayIn', { minutes: 1 }), { expectedRevision: 0n });
    await expect(absent).rejects.toMatchObject({ expected: 0n, actual: 'no-stream' });
  });

  it('end as if they had come one after the other, 64 at a time', async () => {
    const anyCommand = fc.oneof(
      fc.record({ type: fc.constant('PayIn' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ type: fc.constant('PayOut' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommand, { minLength: 64, maxLength: 64 }), async (wishes) => {
        const id = randomUUID();
        const commands = wishes.map(({ type, minutes }) => ledgerCommand(type, { minutes }));
        const answers = await Promise.allSettled(commands.map((command) => handleCommand(store, ledger, id, command)));
        const events = await eventsOf(id);

        // Each event follows by the rules from those before it: the log itself is the serial order.
        const byId = new Map(commands.map((command) => [command.context.commandId, command]));
        events.forEach((event, index) => {
          const before = events.slice(0, index).map(({ type, data }) => ({ type, data }) as LedgerEvent);
          const state = fold(ledgerDecider.evolve, ledgerDecider.initialState, before);
          const command = byId.get(event.metadata.commandId);
          if (!command) throw new Error('An event that no command explains.');
          expect(ledgerDecider.decide(command, state)).toEqual([{ type: event.type, data: event.data }]);
        });
        // Whoever was told yes is in it once, whoever was told no is not in it, and refusals were true.
        const writers = events.map((event) => event.metadata.commandId);
        expect(new Set(writers).size).toBe(writers.length);
        answers.forEach((answer, index) => {
          const commandId = commands[index]?.context.commandId ?? '';
          if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(TooMuchContention);
          const yes = answer.status === 'fulfilled' && !isRefusal(answer.value);
          expect(writers.includes(commandId)).toBe(yes);
          if (yes) expect((answer.value as Accepted).revision).toBe(BigInt(writers.indexOf(commandId)));
        });
      }),
      { numRuns: 3 },
    );
  });
});

/** The store, but someone else writes to the stream just before an append of ours. */
function interfering(now: () => boolean, id: string): EventStore {
  return new Proxy(store, {
    get(target, property) {
      if (property !== 'append') {
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (...append: Parameters<EventStore['append']>) => {
        if (now()) await accepted(id, ledgerCommand('PayIn', { minutes: 1 }));
        return target.append(...append);
      };
    },
  });
}

describe('commands in a sequence', () => {
  const payments = (minutes: readonly number[]) => minutes.map((some) => ledgerCommand('PayIn', { minutes: some }));
  const sequenceOf = (id: string, commands: readonly LedgerCommand[], on = store) =>
    new CommandSequence(on, ledger, id, commands);
  const open = async (id: string) => void (await accepted(id, ledgerCommand('OpenLedger', { title: 'Hours' })));
  /** What was paid in, in the order of the stream. */
  const minutesOf = async (id: string) =>
    (await eventsOf(id)).flatMap(({ data }) => ('minutes' in data ? [data.minutes] : []));

  it('are decided each on what the ones before it did, and the stream is read once', async () => {
    const id = randomUUID();
    await open(id);
    const reads = jest.spyOn(store, 'readStream');
    const commands = [...payments([1, 2, 3]), ledgerCommand('PayOut', { minutes: 7 })];
    const sequence = sequenceOf(id, commands);
    const answers = [];
    for (const command of commands) answers.push(await sequence.handle(command));
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : answer.revision))).toEqual([
      ...[1n, 2n, 3n],
      expect.any(String),
    ]);
  });

  it('change nothing when they come again, whatever part of them is recorded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (minutes, n) => {
          const id = randomUUID();
          await open(id);
          const commands = payments(minutes);
          const first: unknown[] = [];
          const before = sequenceOf(id, commands);
          for (const command of commands.slice(0, n % (minutes.length + 1))) first.push(await before.handle(command));
          const again = sequenceOf(id, commands);
          const second: unknown[] = [];
          for (const command of commands) second.push(await again.handle(command));
          for (const [at, command] of commands.entries()) expect(await again.handle(command)).toEqual(second[at]);
          expect(second.slice(0, first.length)).toEqual(first);
          expect(await minutesOf(id)).toEqual(minutes);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are decided anew on what others write between them', async () => {
    const id = randomUUID();
    await open(id);
    const [one, other] = [payments([1, 2, 3, 4]), payments([10, 20, 30, 40])];
    const [ours, theirs] = [sequenceOf(id, one), sequenceOf(id, other)];
    for (const [at, command] of one.entries()) {
      await ours.handle(command);
      await theirs.handle(other[at] as LedgerCommand);
    }
    expect(await minutesOf(id)).toEqual([1, 10, 2, 20, 3, 30, 4, 40]);
    expect(await accepted(id, ledgerCommand('PayOut', { minutes: 110 }))).toMatchObject({ revision: 9n });
  });

  it('go on after a lost connection where the log stands', async () => {
    const id = randomUUID();
    await open(id);
    const commands = payments([1, 2]);
    const [first, second] = commands as [LedgerCommand, LedgerCommand];
    const sequence = sequenceOf(id, commands);
    await sequence.handle(first);
    const append = jest.spyOn(store, 'append').mockImplementationOnce(async (...given) => {
      await EventStore.prototype.append.apply(store, given);
      throw new StoreUnavailable('The reply was lost.');
    });
    await expect(sequence.handle(second)).rejects.toThrow(StoreUnavailable);
    append.mockRestore();
    expect(await sequence.handle(second)).toMatchObject({ revision: 2n });
    expect(await minutesOf(id)).toEqual([1, 2]);
  });
});
