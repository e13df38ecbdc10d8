import type { Clock, Rows } from '@alliance/event-sourcing';
import { type HandledContract, messageReader, reasonOf } from './handlers';
import type { Inbox } from './inbox';
import type { ParkedKey, ParkedMessage, ParkedSummary, Parking, ParkingAudit } from './parking';

/** Who acts on parked messages, and why; both are recorded. */
export interface ParkingOperator {
  /** Pseudonymous id. */
  readonly by: string;
  readonly why: string;
}

export interface ParkingAccess<Tx> {
  readonly rows: Pick<Rows<Tx>, 'transaction'>;
  readonly parking: Parking<Tx>;
  readonly inbox: Inbox<Tx>;
  readonly clock: Clock;
}

/** What is parked, key by key, oldest first; of one consumer group or of all. */
export function listParked<Tx>(
  { rows, parking }: ParkingAccess<Tx>,
  group?: string,
): Promise<readonly ParkedSummary[]> {
  return rows.transaction((tx) => parking.keys(tx, group));
}

/** The first messages of a parked key with their content, in the order in which they would be replayed. */
export function showParked<Tx>(
  access: ParkingAccess<Tx>,
  key: ParkedKey,
  operator: ParkingOperator,
  limit = 100,
): Promise<readonly ParkedMessage[]> {
  return access.rows.transaction(async (tx) => {
    await access.parking.audit(tx, entry(access, key, operator, 'showed'));
    return access.parking.messages(tx, key, limit);
  });
}

/** How a replay ended: all of the key is handled, or it stays parked from the first message that failed again. */
export interface Replay {
  readonly replayed: number;
  readonly failure?: { readonly messageId: bigint; readonly reason: string };
}

/**
 * Handles the messages of a parked key in order, each in a transaction with the inbox, as the consumer would have.
 * When the last one is done the key flows again.
 */
export async function replayParked<Tx>(
  access: ParkingAccess<Tx> & { readonly handled: readonly HandledContract<Tx>[] },
  key: ParkedKey,
  operator: ParkingOperator,
): Promise<Replay> {
  const { rows, parking, inbox, handled } = access;
  const read = messageReader(handled);
  for (let replayed = 0; ; replayed += 1) {
    let parked: ParkedMessage | undefined;
    try {
      await rows.transaction(async (tx) => {
        const revisions = await inbox.claim(tx, key.group, key.topic, [key.key]);
        [parked] = await parking.messages(tx, key, 1);
        if (parked === undefined) return;
        const incoming = read(parked.message);
        if (incoming.kind === 'faulty') throw new Error(incoming.reason);
        if (incoming.kind === 'event' && incoming.event.streamRevision > (revisions.get(key.key) ?? -1n)) {
          await incoming.handle(incoming.event, { tx, message: parked.message });
          await inbox.advance(tx, key.group, key.topic, new Map([[key.key, incoming.event.streamRevision]]));
        }
        await parking.remove(tx, parked.id);
        await parking.audit(tx, entry(access, key, operator, 'replayed', parked.id));
      });
    } catch (error) {
      if (parked === undefined) throw error;
      const failure = { messageId: parked.id, reason: reasonOf(error) };
      await rows.transaction(async (tx) => {
        await parking.giveReason(tx, failure.messageId, failure.reason);
        await parking.audit(tx, entry(access, key, operator, 'replay failed', failure.messageId));
      });
      return { replayed, failure };
    }
    if (parked === undefined) return { replayed };
  }
}

/**
 * Gives up the first message of a parked key: it will never be handled. The first only, since those behind it may
 * still be replayed. `undefined` when nothing is parked of the key.
 */
export function dropParked<Tx>(
  access: ParkingAccess<Tx>,
  key: ParkedKey,
  operator: ParkingOperator,
): Promise<ParkedMessage | undefined> {
  const { rows, parking, inbox } = access;
  return rows.transaction(async (tx) => {
    await inbox.claim(tx, key.group, key.topic, [key.key]);
    const [first] = await parking.messages(tx, key, 1);
    if (first === undefined) return undefined;
    await parking.remove(tx, first.id);
    await parking.audit(tx, entry(access, key, operator, 'dropped', first.id));
    return first;
  });
}

function entry<Tx>(
  { clock }: ParkingAccess<Tx>,
  { group, topic, key }: ParkedKey,
  { by, why }: ParkingOperator,
  action: ParkingAudit['action'],
  messageId?: bigint,
): ParkingAudit {
  return { group, topic, key, action, messageId, by, why, at: clock.now() };
}
