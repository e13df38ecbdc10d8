import { dayBefore, isDay } from '@alliance/calendar';
import { csvLine } from '@alliance/csv';
import { callEvents, type FundRecord, grantEvents, inWords, potEvents } from '@alliance/fund/events';
import { momentOf, noMore, type Page, paged, pageOf, pageOptions, readArguments } from './arguments';
import type { AuditCommand } from './command';
import { accounts, type Balances, Ledger, type PotLedger } from './ledger';
import { replay } from './replay';
import { table } from './table';
import { Fault, type Terminal } from './terminal';

const formats = ['table', 'json', 'csv'] as const;
type Format = (typeof formats)[number];

/** What went into pots and out of them, to the cent. */
export const fundCommand: AuditCommand = {
  usage: 'fund [--from DAY] [--to DAY] [--format table|json|csv] [--limit N --after POSITION] [--json]',

  prepare(args) {
    const days = { from: { type: 'string' }, to: { type: 'string' } } as const;
    const options = { ...pageOptions, ...days, format: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = readArguments(args, options, this.usage);
    noMore(positionals, this.usage);
    const page = pageOf(values);
    const format = formatOf(values.format, values.json);
    const [from, to] = [dayOf(values.from, '--from'), dayOf(values.to, '--to')];
    if (from !== undefined && to !== undefined && from > to) {
      throw new Fault(`--from ${from} lies after --to ${to}; expected the earlier day first.`);
    }
    return async (store, terminal) => {
      const ledger = new Ledger(
        from === undefined ? undefined : momentOf(dayBefore(from), '--from'),
        to === undefined ? undefined : momentOf(to, '--to'),
      );
      for await (const batch of replay(store, [grantEvents, potEvents, callEvents], terminal.showProgress)) {
        for (const event of batch as readonly FundRecord[]) ledger.see(event);
      }
      const pots = ledger.pots();
      print(pots, page, format, terminal);
      return pots.every(({ addsUp }) => addsUp) ? 0 : 1;
    };
  },
};

function formatOf(format: string | undefined, json: boolean | undefined): Format {
  const wanted = formats.find((one) => one === (format ?? (json ? 'json' : 'table')));
  if (wanted !== undefined) return wanted;
  throw new Fault(`--format "${format}" is not known; expected ${formats.join(', ')}.`);
}

function dayOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw new Fault(`${name} "${text}" is no day; expected one as 2026-03-20.`);
}

function print(pots: readonly PotLedger[], page: Page, format: Format, { print, printError, alarm }: Terminal): void {
  const all = pots.flatMap(({ movements, ...pot }) => movements.map((movement) => ({ ...movement, ...pot })));
  const inOrder = all.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const { shown, next } = paged(inOrder, page, ({ position }) => position);
  if (format === 'json') {
    const sums = pots.map(({ movements: _, ...pot }) => pot);
    const entries = shown.map(({ name: _, opening: __, closing: ___, addsUp: ____, ...movement }) => movement);
    print(JSON.stringify({ pots: sums, movements: entries, ...(next !== undefined && { next }) }, null, 2));
    return;
  }
  const rows = shown.map(({ position, at, name, event, grantId = '', from, to, cents, currency }) => {
    return { cells: [position, at, name, event, grantId, from, to], cents, currency };
  });
  const head = ['position', 'at', 'pot', 'event', 'grant', 'from', 'to'];
  if (format === 'csv') {
    const lines = rows.map(({ cells, cents, currency }) => [...cells, String(cents), currency]);
    // The terminal ends the line by itself.
    for (const line of [[...head, 'cents', 'currency'], ...lines]) print(csvLine(line).trimEnd());
    if (next !== undefined) printError(`More: --after ${next}`);
    return;
  }
  const lines = rows.map(({ cells, cents }) => [...cells, inWords({ cents, currency: 'EUR' })]);
  for (const line of table([...head, 'amount'], lines, [7])) print(line);
  if (next !== undefined) print(`More: --after ${next}`);
  print('');
  const held = accounts.filter((account) => account !== 'donors');
  const sums = (name: string, when: string, balances: Balances) => [
    name,
    when,
    ...[-balances.donors, ...held.map((account) => balances[account])].map(inEuros),
  ];
  const balanceRows = pots.flatMap(({ name, opening, closing }) => [
    sums(name, 'opening', opening),
    sums(name, 'closing', closing),
  ]);
  for (const line of table(['pot', '', 'contributed', ...held], balanceRows, [2, 3, 4, 5, 6, 7])) print(line);
  const wrong = pots.filter(({ addsUp }) => !addsUp).map(({ name }) => name);
  print(wrong.length === 0 ? 'It adds up to the cent.' : alarm(`It does not add up in: ${wrong.join(', ')}.`));
}

/** Also of an account that is below zero, which is shown as it is. */
function inEuros(cents: number): string {
  return `${cents < 0 ? '-' : ''}${inWords({ cents: Math.abs(cents), currency: 'EUR' })}`;
}
