import type { LogPosition } from './event';

/** Rows that change together with the checkpoint of the one who changes them. `Tx` is the transaction's handle. */
export interface Rows<Tx> {
  /** Commits what the work did when it resolves, and nothing of it when it rejects. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** How far this follower has come; `undefined` when it has not begun. */
  loadCheckpoint(follower: string): Promise<LogPosition | undefined>;
  /**
   * Takes effect with the transaction. With `expected` it rejects unless the saved checkpoint still is that one, and
   * until the transaction ends no other can be saved for the follower: the guard against a second process at the same work.
   */
  saveCheckpoint(
    tx: Tx,
    follower: string,
    position: LogPosition,
    expected?: { readonly at: LogPosition | undefined },
  ): Promise<void>;
}
