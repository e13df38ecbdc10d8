/** Keeps an append well below the log's limit of 1 MiB. */
const CHARACTERS_PER_PIECE = 300_000;

/** Cuts a list that is too long for one event into pieces that are not, in its order. What is in it is ASCII but for a few words. */
export function piecesOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const pieces: Item[][] = [];
  let characters = Infinity;
  for (const item of items) {
    const size = JSON.stringify(item).length + 1;
    if (characters + size > CHARACTERS_PER_PIECE) {
      pieces.push([]);
      characters = 0;
    }
    pieces.at(-1)?.push(item);
    characters += size;
  }
  return pieces;
}
