import type { FieldFault } from './problem';

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],]|true|false|null/g;
const LONE_SURROGATE = /\p{Surrogate}/u;
const POISONED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 32;
const MAX_FAULTS = 100;

/** An object or array that the scan is inside of. */
interface Level {
  readonly path: string;
  /** The keys so far; `undefined` in an array. */
  readonly keys: Set<string> | undefined;
  /** Place of the present element of an array. */
  index: number;
  /** The key whose value comes next; `undefined` when a key comes next. */
  key: string | undefined;
}

/**
 * Parses JSON that any of our stores can hold and that means one thing only. Besides what `JSON.parse` refuses: nesting
 * deeper than 32, a key twice in one object, keys that meddle with prototypes, NUL and lone surrogates in text, numbers
 * that a double cannot carry.
 */
export function parseStrictJson(
  text: string,
): { readonly value: unknown } | { readonly faults: readonly FieldFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: [{ field: 'body', reason: 'invalid', expected: 'well-formed JSON' }] };
  }
  const faults = scan(text);
  return faults.length > 0 ? { faults } : { value };
}

/** What is wrong with a text as a value that has to be stored; `undefined` when nothing is. */
export function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the NUL character';
  if (LONE_SURROGATE.test(text)) return 'must be well-formed Unicode, without lone surrogates';
  return undefined;
}

/** Walks the tokens of a text that is known to be JSON: between them there are but white space and colons. */
function scan(text: string): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const levels: Level[] = [];
  const add = (field: string, expected: string): void => {
    if (faults.length < MAX_FAULTS) faults.push({ field: field === '' ? 'body' : field, reason: 'invalid', expected });
  };
  for (const token of text.match(TOKEN) ?? []) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      if (levels.length === MAX_DEPTH) return [...faults, tooDeep(pathIn(level))];
      levels.push({ path: pathIn(level), keys: token === '{' ? new Set() : undefined, index: 0, key: undefined });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',') {
      if (level) nextIn(level);
    } else if (token.startsWith('"')) {
      const content = unquote(token);
      if (level?.keys && level.key === undefined) {
        const fault = keyFault(content, level.keys);
        if (fault !== undefined) add(level.path, fault);
        level.key = content;
      } else {
        const fault = textFault(content);
        if (fault !== undefined) add(pathIn(level), fault);
      }
    } else if (!isExact(token)) {
      add(pathIn(level), 'must be a number that a 64-bit float holds exactly, whole ones within ±(2^53 − 1)');
    }
  }
  return faults;
}

function nextIn(level: Level): void {
  level.index += 1;
  level.key = undefined;
}

function pathIn(level: Level | undefined): string {
  if (level === undefined) return '';
  if (level.keys === undefined) return `${level.path}[${level.index}]`;
  return level.path === '' ? (level.key ?? '') : `${level.path}.${level.key ?? ''}`;
}

function tooDeep(path: string): FieldFault {
  return { field: path, reason: 'invalid', expected: `must not be nested deeper than ${MAX_DEPTH}` };
}

function keyFault(key: string, keys: Set<string>): string | undefined {
  // The key itself is not repeated in the fault: it is whatever a client made up.
  if (POISONED_KEYS.has(key)) return 'must not have the keys __proto__, constructor or prototype';
  if (keys.has(key)) return 'must not have one key twice';
  keys.add(key);
  const fault = textFault(key);
  return fault === undefined ? undefined : `every key ${fault}`;
}

function unquote(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

function isExact(token: string): boolean {
  if (!/^-?\d/.test(token)) return true; // true, false, null
  const number = Number(token);
  return Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
}
