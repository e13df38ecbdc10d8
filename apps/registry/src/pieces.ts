/** Keeps an append well below the log's limit of 1 MiB. */
const BYTES_PER_PIECE = 700_000;

/** Cuts a list that is too long for one event into pieces that are not, in its order. */
export function piecesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const pieces: Item[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes + size > BYTES_PER_PIECE) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(item);
    bytes += size;
  }
  return pieces;
}
