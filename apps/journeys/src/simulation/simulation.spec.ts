import type { Ports, Sabotage } from './ports';
import { Simulation } from './simulation';

/** `SEED=123 npx jest apps/journeys/src/simulation` runs the history of one seed again. */
const given = process.env['SEED'];
const seeds = given === undefined ? Array.from({ length: 200 }, (_, index) => index + 1) : [Number(given)];

jest.setTimeout(120_000);

describe('In a world of crashes, repeats, delays and faults', () => {
  it('relay, consumer, projector and reactor let every fact take effect once and in order', async () => {
    const failures: string[] = [];
    for (const seed of seeds) {
      const violations = await new Simulation(seed).run();
      if (violations.length > 0) failures.push(`SEED=${seed}: ${violations.join(' ')}`);
    }
    expect(failures).toEqual([]);
  });

  it('the same seed gives the same history', async () => {
    const histories = [new Simulation(7), new Simulation(7), new Simulation(8)];
    for (const history of histories) await history.run();
    const [one, same, other] = histories.map(({ bus, elapsedMs }) => ({ elapsedMs, puts: bus.puts }));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });
});

describe('The simulation notices', () => {
  it.each<[string, RegExp, Sabotage]>([
    [
      'an inbox that remembers nothing',
      /^Ledger of/,
      (ports) => ({ ...ports, inbox: { ...ports.inbox, claim: async () => new Map() } }),
    ],
    [
      'a relay whose checkpoint is saved before the bus has the messages',
      /^The checkpoint "relay/,
      (ports) => ({
        ...ports,
        bus: { ...ports.bus, publish: async (messages) => notAwaited(ports.bus.publish(messages)) },
      }),
    ],
    [
      'a reactor whose checkpoint is saved before the command is carried out',
      /^The checkpoint "reactor/,
      (ports) => ({ ...ports, execute: async (...args) => notAwaited(ports.execute(...args)) }),
    ],
    [
      'a log that says of every stretch that it is empty',
      /^A reader was told/,
      (ports) => ({ ...ports, log: { ...ports.log, isEmptyStretch: async () => true } }),
    ],
    [
      'a log that says of no stretch that it is empty',
      /^A reader waits/,
      (ports) => ({ ...ports, log: { ...ports.log, isEmptyStretch: async () => false } }),
    ],
    ['a checkpoint that is saved before the rows are', /^The checkpoint "history"/, withoutTransactions],
    ['consumed messages that are marked before they are handled', /carried out 0 times/, markingFirst],
    [
      'messages that overtake a parked one of their key',
      /^Ledger of/,
      (ports) => ({ ...ports, parking: { ...ports.parking, parkedAmong: async () => new Set() } }),
    ],
  ])('%s', async (_bug, expected, sabotage) => {
    const found: string[] = [];
    for (const seed of seeds) {
      found.push(...(await new Simulation(seed, sabotage).run()));
      if (found.some((violation) => expected.test(violation))) break;
    }
    expect(found).toContainEqual(expect.stringMatching(expected));
  });
});

function notAwaited(work: Promise<void>): void {
  work.catch(() => undefined);
}

/** Every write is committed at once, and a rollback undoes nothing. */
function withoutTransactions(ports: Ports): Ports {
  const { rows } = ports;
  return {
    ...ports,
    rows: {
      ...rows,
      transaction: (work) =>
        rows.transaction((tx) => {
          const set = tx.set.bind(tx);
          tx.set = (key, value) => {
            set(key, value);
            tx.commit();
          };
          return work(tx);
        }),
    },
  };
}

function markingFirst(ports: Ports): Ports {
  const { bus } = ports;
  return {
    ...ports,
    bus: {
      ...bus,
      subscribe: ({ handle, ...rest }) =>
        bus.subscribe({
          ...rest,
          handle: (messages, control) => {
            const last = messages.at(-1);
            if (last) control.markHandled(last);
            return handle(messages, control);
          },
        }),
    },
  };
}
