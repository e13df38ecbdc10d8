import type { LogPosition } from './event';

/** Rows that change together with the checkpoint of the one who changes them. `Tx` is the transaction's handle. */
export interface Rows<Tx> {
  /** Commits what the work did when it resolves, and nothing of it when it rejects. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** How far this follower has come; `undefined` when it has not begun. */
  loadCheckpoint(follower: string): Promise<LogPosition | undefined>;
  /** Takes effect with the transaction. */
  saveCheckpoint(tx: Tx, follower: string, position: LogPosition): Promise<void>;
}
