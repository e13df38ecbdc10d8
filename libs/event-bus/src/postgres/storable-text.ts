/** Postgres keeps no NUL in text; keys and errors that hold one come from malformed messages and must still be kept. */
export function storable(text: string): string {
  return text.replaceAll('\0', '␀');
}
