import { formatPosition } from '@alliance/event-sourcing';
import { noMore, paged, pageOf, pageOptions, readArguments } from './arguments';
import type { Breach } from './check/invariant';
import { checkedCatalogues, invariants } from './check/invariants';
import type { AuditCommand } from './command';
import { replay } from './replay';
import { oneLine } from './table';

/** Proves the invariants of fund and capacity-matching from the log alone, in one pass. */
export const checkCommand: AuditCommand = {
  usage: 'check [--limit N --after POSITION] [--json]',

  prepare(args) {
    const { values, positionals } = readArguments(args, { ...pageOptions, json: { type: 'boolean' } }, this.usage);
    noMore(positionals, this.usage);
    const page = pageOf(values);
    return async (store, { print, showProgress, alarm }) => {
      const examinations = invariants.map(({ name, begin }) => ({ name, examine: begin() }));
      const breaches: Breach[] = [];
      let events = 0;
      for await (const batch of replay(store, checkedCatalogues, showProgress)) {
        events += batch.length;
        for (const event of batch) {
          const stream = event.streamName;
          const at = formatPosition(event.position);
          for (const { name, examine } of examinations) {
            for (const { words, because = [] } of examine(event)) {
              breaches.push({ invariant: name, stream, position: at, because: because.map(formatPosition), words });
            }
          }
        }
      }
      const { shown, next } = paged(breaches, page, ({ position }) => position);
      if (values.json) {
        const proved = invariants.map(({ name, says }) => {
          return { name, says, breaches: breaches.filter(({ invariant }) => invariant === name).length };
        });
        print(JSON.stringify({ events, invariants: proved, breaches: shown, ...(next && { next }) }, null, 2));
      } else {
        for (const { invariant, stream, position, because, words } of shown) {
          const evidence = because.length === 0 ? '' : ` (see ${because.join(' ')})`;
          print(`${alarm(invariant)} at ${position} in ${stream}: ${oneLine(words)}${evidence}`);
        }
        if (next !== undefined) print(`More: --after ${next}`);
        for (const { name, says } of invariants) {
          const count = breaches.filter(({ invariant }) => invariant === name).length;
          print(`${name}: ${count === 0 ? 'holds' : alarm(`${count} breach${count === 1 ? '' : 'es'}`)}. ${says}`);
        }
        print(`${events} events checked, ${breaches.length} breaches.`);
      }
      return breaches.length === 0 ? 0 : 1;
    };
  },
};
