/** How far a consumer group has come in each key of a topic; kept in the transaction of what its handlers write. */
export interface Inbox<Tx> {
  /**
   * The revision of the last event handled, by key; a key without one is absent. Until the transaction ends nobody
   * else gets these keys of the group, so that two deliveries of one message cannot both take effect.
   */
  claim(tx: Tx, group: string, topic: string, keys: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** Sets the revisions of claimed keys. */
  advance(tx: Tx, group: string, topic: string, revisions: ReadonlyMap<string, bigint>): Promise<void>;
}
