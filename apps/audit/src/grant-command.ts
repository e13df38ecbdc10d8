import {
  type FundRecord,
  grantHistory,
  type GrantRecord,
  grantStateOf,
  type GrantState,
  grantStream,
  GrantUnknown,
  historyEntry,
  type HistoryEntry,
  isUpTo,
  type Moment,
  stateChanges,
  valueInWords,
} from '@alliance/fund/events';
import { idOf, momentOf, type Page, paged, pageOf, pageOptions, readArguments } from './arguments';
import type { AuditCommand } from './command';
import { oneLine, table } from './table';
import { Fault, type Terminal } from './terminal';

/** The history of a grant, what held of it at a moment, or what changed between two. */
export const grantCommand: AuditCommand = {
  usage: 'grant <id> [--at MOMENT | --diff MOMENT MOMENT | --limit N --after POSITION] [--json]',

  prepare(args) {
    const options = {
      ...pageOptions,
      at: { type: 'string' },
      diff: { type: 'string' },
      json: { type: 'boolean' },
    } as const;
    const { values, positionals } = readArguments(args, options, this.usage);
    const { at, diff, json = false } = values;
    if (at !== undefined && diff !== undefined) throw new Fault('--at and --diff exclude one another.');
    if (diff !== undefined) {
      const [first, second] = positionals;
      // `--diff A B <id>` and `<id> --diff A B` leave the later moment among what has no name.
      const later = args[args.indexOf('--diff') + 2];
      if (later === undefined || (later !== first && later !== second)) {
        throw new Fault(`--diff needs two moments; expected ${this.usage}`);
      }
      const grantId = idOf(positionals.toSpliced(positionals.indexOf(later), 1), this.usage);
      const moments = [momentOf(diff, '--diff'), momentOf(later, '--diff')] as const;
      return async (store, terminal) => {
        const events = await orFault(grantStream(store, grantId));
        printChanges(stateAt(events, moments[0]), stateAt(events, moments[1]), json, terminal);
        return 0;
      };
    }
    const grantId = idOf(positionals, this.usage);
    if (at !== undefined) {
      const moment = momentOf(at, '--at');
      return async (store, terminal) => {
        const events = await orFault(grantStream(store, grantId));
        const state = stateAt(events, moment);
        if (state.size === 0) throw new Fault(`The grant ${grantId} did not exist yet at ${at}.`);
        printState(state, json, terminal);
        return 0;
      };
    }
    const page = pageOf(values);
    return async (store, terminal) => {
      printHistory(await orFault(grantHistory(store, grantId)), page, json, terminal);
      return 0;
    };
  },
};

function stateAt(events: readonly GrantRecord[], moment: Moment): GrantState {
  return grantStateOf(events.filter((event) => isUpTo(moment, event)));
}

async function orFault<Result>(reading: Promise<Result>): Promise<Result> {
  return reading.catch((error: unknown) => {
    throw error instanceof GrantUnknown ? new Fault(error.message) : error;
  });
}

function printHistory(events: readonly FundRecord[], page: Page, json: boolean, { print }: Terminal): void {
  const { shown, next } = paged(events.map(historyEntry), page, ({ position }) => position);
  if (json) return print(JSON.stringify({ entries: shown, ...(next !== undefined && { next }) }, null, 2));
  const rows = shown.map(({ position, at, by, event, version, reason, stream }: HistoryEntry) => [
    ...[position, at, by, event],
    ...[version === undefined ? '' : String(version), reason ?? '', stream],
  ]);
  for (const line of table(['position', 'at', 'by', 'event', 'version', 'reason', 'stream'], rows)) print(line);
  if (next !== undefined) print(`More: --after ${next}`);
}

function printState(state: GrantState, json: boolean, { print }: Terminal): void {
  if (json) return print(JSON.stringify(Object.fromEntries(state), null, 2));
  const rows = [...state].map(([name, { value, restsOn }]) => [name, valueInWords(value), restsOn.join(' ')]);
  for (const line of table(['fact', 'value', 'rests on'], rows)) print(line);
}

function printChanges(before: GrantState, after: GrantState, json: boolean, { print }: Terminal): void {
  const changes = stateChanges(before, after);
  if (json) return print(JSON.stringify(changes, null, 2));
  for (const change of changes) {
    const was = change.before === undefined ? '(nothing)' : valueInWords(change.before.value);
    const is = change.after === undefined ? '(nothing)' : valueInWords(change.after.value);
    print(oneLine(`${change.name}: ${was} → ${is}  by ${(change.after ?? change.before)?.restsOn.join(' ')}`));
  }
}
