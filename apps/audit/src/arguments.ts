import { comparePositions, type LogPosition, parsePosition } from '@alliance/event-sourcing';
import { parseMoment, type Moment } from '@alliance/fund/events';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Fault } from './terminal';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Splits the arguments; throws a `Fault` that says how the command is used. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new Fault(`${what}; expected ${usage}`);
  }
}

/** The one id that a command is about. */
export function idOf([id, ...more]: readonly string[], usage: string): string {
  if (id === undefined || more.length > 0) throw new Fault(`one id is needed; expected ${usage}`);
  if (!UUID.test(id)) throw new Fault(`"${id}" is no id; expected a UUID as 9a1c8e54-2d3f-4b6a-8c71-5e0f9d2b4a36.`);
  return id.toLowerCase();
}

export function noMore([more]: readonly string[], usage: string): void {
  if (more !== undefined) throw new Fault(`"${more}" is not understood; expected ${usage}`);
}

export function momentOf(text: string, name: string): Moment {
  const moment = parseMoment(text);
  if (moment !== undefined) return moment;
  const right = 'a position as 4711/4711, a time as 2026-03-20T10:00:00Z or a day as 2026-03-20';
  throw new Fault(`${name} "${text}" is no moment; expected ${right}.`);
}

/** Which part of a long list is shown. */
export interface Page {
  readonly limit: number;
  readonly after: LogPosition | undefined;
}

export const pageOptions = { limit: { type: 'string' }, after: { type: 'string' } } as const;

export function pageOf({ limit, after }: { readonly limit?: string; readonly after?: string }): Page {
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw new Fault(`--limit "${limit}" is no number of lines; expected a whole number from 1.`);
  }
  const position = after === undefined ? undefined : parsePosition(after);
  if (after !== undefined && position === undefined) {
    throw new Fault(`--after "${after}" is no position; expected one that was shown, as 4711/4711.`);
  }
  return { limit: limit === undefined ? Infinity : Number(limit), after: position };
}

/** The page of a list in the order of the log, and where the next one begins. */
export function paged<Item>(
  items: readonly Item[],
  { limit, after }: Page,
  positionOf: (item: Item) => string,
): { readonly shown: readonly Item[]; readonly next?: string } {
  const isBeyond = (item: Item) => {
    const position = parsePosition(positionOf(item));
    return after === undefined || (position !== undefined && comparePositions(position, after) > 0);
  };
  const beyond = items.filter(isBeyond);
  // What stands at one position is not torn apart: the next page begins after it.
  const end = beyond.findIndex((item, index) => {
    const before = beyond[index - 1];
    return index >= limit && before !== undefined && positionOf(before) !== positionOf(item);
  });
  const shown = end === -1 ? beyond : beyond.slice(0, end);
  const last = shown.at(-1);
  return { shown, ...(beyond.length > shown.length && last !== undefined && { next: positionOf(last) }) };
}
