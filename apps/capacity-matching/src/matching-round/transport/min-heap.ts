/** Items with keys, of which the one with the least key is next (a binary heap). */
export class MinHeap {
  private readonly items: number[] = [];
  private readonly keys: number[] = [];

  push(item: number, key: number): void {
    let at = this.items.length;
    for (let above = (at - 1) >> 1; at > 0 && (this.keys[above] as number) > key; above = (at - 1) >> 1) {
      this.move(above, at);
      at = above;
    }
    this.items[at] = item;
    this.keys[at] = key;
  }

  /** Takes the item with the least key out; `undefined` when there is none. */
  pop(): number | undefined {
    const least = this.items[0];
    const [item, key] = [this.items.pop(), this.keys.pop()];
    const size = this.items.length;
    if (item === undefined || key === undefined || size === 0) return least;
    let at = 0;
    for (let below = 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && (this.keys[below + 1] as number) < (this.keys[below] as number)) below += 1;
      if ((this.keys[below] as number) >= key) break;
      this.move(below, at);
      at = below;
    }
    this.items[at] = item;
    this.keys[at] = key;
    return least;
  }

  private move(from: number, to: number): void {
    this.items[to] = this.items[from] as number;
    this.keys[to] = this.keys[from] as number;
  }
}
