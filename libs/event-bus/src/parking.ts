import type { DeliveredMessage } from './bus';

/** One key of a topic as one consumer group sees it: what is parked as a whole. */
export interface ParkedKey {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
}

/** A message set aside because it, or an earlier one of its key, failed for good. */
export interface ParkedMessage extends ParkedKey {
  /** Grows in the order of parking, which within a key is the order of delivery. */
  readonly id: bigint;
  readonly message: DeliveredMessage;
  /** Why it cannot be handled; of the later ones of a key: that they wait. */
  readonly reason: string;
  readonly parkedAt: Date;
}

/** Who did what to a parked key, and why. */
export interface ParkingAudit extends ParkedKey {
  readonly action: 'showed' | 'replayed' | 'replay failed' | 'dropped';
  /** The message it was done to; all of the key when absent. */
  readonly messageId?: bigint;
  /** Pseudonymous id of the operator. */
  readonly by: string;
  readonly why: string;
  readonly at: Date;
}

/** The messages set aside, in the database of those who would handle them. */
export interface Parking<Tx> {
  /** Which of these keys have parked messages. To be asked when the keys are claimed in the inbox. */
  parkedAmong(tx: Tx, group: string, topic: string, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Appends to what is parked of the key; the same message from the same place again changes nothing. */
  park(tx: Tx, group: string, message: DeliveredMessage, reason: string, at: Date): Promise<void>;
  /** Parked keys with the number of their messages, and the oldest message without its content; oldest first. */
  keys(tx: Tx, group?: string): Promise<readonly ParkedSummary[]>;
  /** In order of parking. */
  messages(tx: Tx, key: ParkedKey, limit: number): Promise<readonly ParkedMessage[]>;
  remove(tx: Tx, id: bigint): Promise<void>;
  giveReason(tx: Tx, id: bigint, reason: string): Promise<void>;
  audit(tx: Tx, entry: ParkingAudit): Promise<void>;
}

export interface ParkedSummary extends ParkedKey {
  readonly count: number;
  readonly reason: string;
  readonly parkedAt: Date;
}
