import type { Bus, Execute, Inbox, Lease, Parking, Reaction } from '@alliance/event-bus';
import type { Clock, EventLog, LogStretches, Rows } from '@alliance/event-sourcing';
import type { SimulatedTransaction } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';

/** What production code sees of the world. */
export interface Ports {
  readonly process: SimulatedProcess;
  readonly log: EventLog & LogStretches;
  readonly bus: Bus;
  readonly rows: Rows<SimulatedTransaction>;
  readonly inbox: Inbox<SimulatedTransaction>;
  readonly parking: Parking<SimulatedTransaction>;
  readonly lease: Lease;
  readonly execute: Execute<Reaction>;
  readonly clock: Clock;
}

/** Makes ports that are wrong on purpose, to prove that the simulation notices. */
export type Sabotage = (ports: Ports) => Ports;
