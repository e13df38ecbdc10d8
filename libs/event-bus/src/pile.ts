/**
 * What piles up while the last pile is carried away. One side puts, the other takes all that lies there at once; the
 * putting side waits when the pile is high enough.
 */
export class Pile<Item, Mark> {
  private items: Item[] = [];
  private mark: Mark | undefined;
  private ended = false;
  private wakeTaker: (() => void) | undefined;
  private wakePutter: (() => void) | undefined;

  constructor(private readonly highEnough: number) {}

  /** Adds the items, and the mark that holds for the whole pile now. Resolves when there is room for more. */
  async put(items: readonly Item[], mark: Mark): Promise<void> {
    for (const item of items) this.items.push(item);
    this.mark = mark;
    this.wakeTaker?.();
    while (this.items.length >= this.highEnough && !this.ended) {
      await new Promise<void>((resolve) => (this.wakePutter = resolve));
    }
  }

  /** Waits for something; `undefined` when the pile has ended and nothing is left. */
  async take(): Promise<{ readonly items: readonly Item[]; readonly mark: Mark } | undefined> {
    while (this.mark === undefined && !this.ended) {
      await new Promise<void>((resolve) => (this.wakeTaker = resolve));
    }
    if (this.mark === undefined) return undefined;
    const taken = { items: this.items, mark: this.mark };
    this.items = [];
    this.mark = undefined;
    this.wakePutter?.();
    return taken;
  }

  /** Nothing more is put, or nothing more will be taken. */
  end(): void {
    this.ended = true;
    this.wakeTaker?.();
    this.wakePutter?.();
  }
}
