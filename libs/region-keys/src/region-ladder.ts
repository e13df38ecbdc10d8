const DIGITS_OF_LEVELS = [8, 5, 3, 2];

/**
 * The keys (AGS) of all that can contain a region, from the region itself up to its Land: Gemeinde, Kreis,
 * Regierungsbezirk, Land. What is the same body is one step: Berlin, which is Gemeinde, Kreis and Land at once, stands
 * alone. One region contains the other exactly if its key is on the other's ladder; no level is inferred for that.
 */
export function regionLadder(key: string): readonly string[] {
  return [...new Set(DIGITS_OF_LEVELS.map((digits) => key.slice(0, digits).padEnd(8, '0')))];
}

/** The keys of all that contains one of the regions, each once, they themselves among them. */
export function regionsAround(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.flatMap(regionLadder))];
}
