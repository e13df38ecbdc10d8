import type { Inbox, ParkedKey, ParkedMessage, Parking } from '@alliance/event-bus';
import type { SimulatedTransaction } from './simulated-database';

/** The inbox in simulated rows. */
export const simulatedInbox: Inbox<SimulatedTransaction> = {
  claim: (tx, group, topic, keys) =>
    tx.process.effect(() => {
      const found = keys.map((key) => [key, tx.get<bigint>(inboxRow(group, topic, key))] as const);
      return new Map(found.flatMap(([key, revision]) => (revision === undefined ? [] : [[key, revision]])));
    }),
  advance: (tx, group, topic, revisions) =>
    tx.process.effect(() => {
      for (const [key, revision] of revisions) tx.set(inboxRow(group, topic, key), revision);
    }),
};

/** The parking place in simulated rows. */
export const simulatedParking: Parking<SimulatedTransaction> = {
  parkedAmong: (tx, group, topic, keys) =>
    tx.process.effect(() => new Set(keys.filter((key) => parkedOf(tx, { group, topic, key }).length > 0))),
  park: (tx, group, message, reason, parkedAt) =>
    tx.process.effect(() => {
      const { topic, key } = message;
      if (parkedOf(tx, { group, topic, key }).some((each) => each.message.offset === message.offset)) return;
      const id = BigInt(tx.get<number>('last parked') ?? 0) + 1n;
      tx.set('last parked', Number(id));
      tx.add(PARKED, { id, group, topic, key, message, reason, parkedAt });
    }),
  keys: (tx) => tx.process.effect(() => tx.list<ParkedMessage>(PARKED).map((parked) => ({ ...parked, count: 1 }))),
  messages: (tx, key, limit) => tx.process.effect(() => parkedOf(tx, key).slice(0, limit)),
  remove: (tx, id) =>
    tx.process.effect(() =>
      tx.set(
        PARKED,
        tx.list<ParkedMessage>(PARKED).filter((parked) => parked.id !== id),
      ),
    ),
  giveReason: (tx) => tx.process.effect(() => undefined),
  audit: (tx, entry) => tx.process.effect(() => tx.add('audit', entry)),
};

export const PARKED = 'parked';

function parkedOf(tx: SimulatedTransaction, { group, topic, key }: ParkedKey): readonly ParkedMessage[] {
  return tx
    .list<ParkedMessage>(PARKED)
    .filter((parked) => parked.group === group && parked.topic === topic && parked.key === key);
}

function inboxRow(group: string, topic: string, key: string): string {
  return `inbox ${group} ${topic} ${key}`;
}
