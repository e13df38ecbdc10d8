import { BusUnavailable, type CloudEvent, type EventHandler, type Reaction } from '@alliance/event-bus';
import { reacting, runConsumer, runReactor, runRelay } from '@alliance/event-bus';
import { eventCatalogue } from '@alliance/event-sourcing';
import { runProjector } from '@alliance/read-models';
import { happenedV1, isBroken, things, thingSlice } from './happening';
import type { Ports } from './ports';
import type { SimulatedTransaction } from './simulated-database';
import { PassingFault } from './simulated-process';

/** One process of the service: production code over the given ports. Ends when the signal aborts. */
export type Role = (ports: Ports, signal: AbortSignal) => Promise<void>;

/** The followers and consumer groups, by the names under which they keep their place. */
export const RELAY = 'relay simulated';
export const REACTOR = 'reactor answers';
export const PROJECTOR = 'history';
export const LEDGER = 'ledger';
export const ECHO = 'echo';

/** Where the rows of a stream lie. */
export const historyOf = (streamName: string) => `history of ${streamName}`;
export const ledgerOf = (streamName: string) => `ledger of ${streamName}`;

const actor = { subject: 'simulation', roles: [] };
export const catalogues = [eventCatalogue(things, {})];

const isPassing = (error: unknown) => error instanceof PassingFault || error instanceof BusUnavailable;

const relay: Role = (ports, signal) => runRelay({ ...ports, service: 'simulated', slices: [thingSlice], signal });

/** Answers each event with a command. */
const reactor: Role = (ports, signal) =>
  runReactor({
    ...ports,
    name: 'answers',
    actor,
    catalogues,
    policy: ({ streamName, metadata }): Reaction[] => [
      { target: streamName, type: 'Answer', data: { to: metadata.eventId } },
    ],
    signal,
  });

/** Lists the revisions of each stream, as the log has them. */
const projector: Role = ({ log, rows, clock }, signal) => {
  const apply = (tx: SimulatedTransaction, events: readonly { streamName: string; revision: bigint }[]) =>
    tx.process.effect(() => {
      for (const { streamName, revision } of events) tx.add(historyOf(streamName), revision);
    });
  return runProjector({ projection: { name: PROJECTOR, catalogues, apply }, log, rows, clock, signal });
};

/** Lists the revisions of each stream, as they were consumed; fails at broken ones. */
const ledger: Role = (ports, signal) =>
  runConsumer({
    ...ports,
    group: LEDGER,
    handled: ledgerHandlers,
    isPassing,
    signal,
  });

const enter: EventHandler<SimulatedTransaction> = (event, { tx }) =>
  tx.process.effect(() => {
    if (isBroken(event) && tx.get('mended') !== true) throw new Error('The handler cannot handle this.');
    tx.add(ledgerOf(event.subject), event.streamRevision);
  });

export const ledgerHandlers = [{ contract: happenedV1, handle: enter }];

/** Echoes each consumed event with a command. */
const echo: Role = (ports, signal) => {
  const policy = ({ id, subject }: CloudEvent): Reaction[] => [{ target: subject, type: 'Echo', data: { of: id } }];
  const handle = reacting({ ...ports, name: 'echoes', actor, policy });
  return runConsumer({ ...ports, group: ECHO, handled: [{ contract: happenedV1, handle }], isPassing, signal });
};

/** Two processes of a kind where production may have two. */
export const roles: readonly Role[] = [relay, relay, reactor, projector, projector, ledger, ledger, echo];
