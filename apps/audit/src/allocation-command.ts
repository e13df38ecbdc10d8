import { allocationEvents, needEvents, offerEvents } from '@alliance/capacity-matching/events';
import { comparePositions, type EventCatalogue, formatPosition } from '@alliance/event-sourcing';
import type { EventStore } from '@alliance/event-store';
import { matchingInWords } from './allocation-words';
import { idOf, paged, pageOf, pageOptions, readArguments } from './arguments';
import type { AuditCommand } from './command';
import type { MatchingRecord } from './matching-record';
import { table } from './table';
import { Fault } from './terminal';

/** The history of an allocation in words: what its own stream, its offer's and its need's say of it. */
export const allocationCommand: AuditCommand = {
  usage: 'allocation <id> [--limit N --after POSITION] [--json]',

  prepare(args) {
    const { values, positionals } = readArguments(args, { ...pageOptions, json: { type: 'boolean' } }, this.usage);
    const id = idOf(positionals, this.usage);
    const page = pageOf(values);
    return async (store, { print }) => {
      const entries = (await historyOf(store, id)).map((event) => ({
        position: formatPosition(event.position),
        at: event.metadata.occurredAt,
        by: event.metadata.actor.subject,
        event: event.type,
        words: matchingInWords(event),
        stream: event.streamName,
        data: event.data,
      }));
      const { shown, next } = paged(entries, page, ({ position }) => position);
      if (values.json) {
        print(JSON.stringify({ entries: shown, ...(next !== undefined && { next }) }, null, 2));
        return 0;
      }
      const rows = shown.map(({ position, at, by, words, stream }) => [position, at, by, words, stream]);
      for (const line of table(['position', 'at', 'by', 'what', 'stream'], rows)) print(line);
      if (next !== undefined) print(`More: --after ${next}`);
      return 0;
    };
  },
};

/** In the order of the log; of the offer what is about it as a whole, or about this allocation. */
async function historyOf(store: EventStore, allocationId: string): Promise<readonly MatchingRecord[]> {
  const own = await eventsOf(store, allocationEvents, allocationId);
  const [proposed] = own;
  if (proposed?.type !== 'AllocationProposed') throw new Fault(`There is no allocation ${allocationId}.`);
  const ofNeed = await eventsOf(store, needEvents, proposed.data.needId);
  const ofOffer = (await eventsOf(store, offerEvents, proposed.data.offerId)).filter(
    ({ data }) => !('allocationId' in data) || data.allocationId === allocationId,
  );
  return [...own, ...ofNeed, ...ofOffer].sort((a, b) => comparePositions(a.position, b.position));
}

async function eventsOf(store: EventStore, catalogue: EventCatalogue, id: string): Promise<MatchingRecord[]> {
  const events: MatchingRecord[] = [];
  for await (const event of store.readStream(catalogue.category.streamName(id), catalogue)) {
    // The codec has checked type and data against the catalogue, whose events these are.
    events.push(event as MatchingRecord);
  }
  return events;
}
