/** How one group goes through one topic: one member at a time, from where the last one came to. */
export class Lane {
  /** Place of the next message in the topic. */
  next: number;
  /** What the journal knows of `next`. */
  savedNext: number;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    readonly group: string,
    readonly topic: string,
    next: number,
  ) {
    this.next = next;
    this.savedNext = next;
  }

  /** Runs the work when those who came before have ended theirs. */
  inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }
}
