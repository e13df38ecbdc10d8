import { allocationEvents } from '@alliance/capacity-matching/events';
import { type EventCatalogue, formatPosition, type RecordedEvent } from '@alliance/event-sourcing';
import * as fund from '@alliance/fund/events';
import * as registry from '@alliance/registry/events';
import { idOf, paged, pageOf, pageOptions, readArguments } from './arguments';
import { type Cause, Causes } from './causes';
import type { AuditCommand } from './command';
import { matchingCatalogues } from './matching-record';
import { replay } from './replay';
import { oneLine } from './table';
import { Fault } from './terminal';

const catalogues: readonly EventCatalogue[] = [
  fund.grantEvents,
  fund.potEvents,
  fund.callEvents,
  ...matchingCatalogues,
  ...Object.values(registry),
];

/** What led to all that happened to a grant, a payment or an allocation, back to the commands of persons. */
export const whyCommand: AuditCommand = {
  usage: 'why <grant, payment or allocation id> [--limit N --after POSITION] [--json]',

  prepare(args) {
    const { values, positionals } = readArguments(args, { ...pageOptions, json: { type: 'boolean' } }, this.usage);
    const id = idOf(positionals, this.usage);
    const page = pageOf(values);
    return async (store, { print, showProgress }) => {
      const causes = new Causes();
      const asked: RecordedEvent[] = [];
      const streamNames = [fund.grantEvents, allocationEvents].map(({ category }) => category.streamName(id));
      for await (const batch of replay(store, catalogues, showProgress)) {
        for (const event of batch) {
          causes.see(event);
          if (streamNames.includes(event.streamName) || isOf(event, id)) asked.push(event);
        }
      }
      if (asked.length === 0) throw new Fault(`The log tells of no grant, no payment and no allocation ${id}.`);
      const chain = causes.chainOf(asked);
      const { shown, next } = paged(chain, page, ({ event }) => formatPosition(event.position));
      if (values.json) {
        print(JSON.stringify({ causes: shown.map(viewOf), ...(next !== undefined && { next }) }, null, 2));
        return 0;
      }
      const depths = new Map<string, number>();
      for (const { event, causedBy } of chain) {
        depths.set(event.metadata.eventId, causedBy === undefined ? 0 : (depths.get(causedBy) ?? 0) + 1);
      }
      for (const cause of shown) {
        print('  '.repeat(depths.get(cause.event.metadata.eventId) ?? 0) + oneLine(lineOf(cause, causes)));
      }
      if (next !== undefined) print(`More: --after ${next}`);
      return 0;
    };
  },
};

/** Whether it is about this payment, or is what a pot did about this grant, or an offer about this allocation. */
function isOf({ data }: RecordedEvent, id: string): boolean {
  const told = data as { readonly paymentId?: unknown; readonly grantId?: unknown; readonly allocationId?: unknown };
  return told.paymentId === id || told.grantId === id || told.allocationId === id;
}

function viewOf({ event: { position, streamName, type, metadata }, causedBy }: Cause) {
  const { eventId, causationId, correlationId, commandId, actor, occurredAt } = metadata;
  return {
    position: formatPosition(position),
    at: occurredAt,
    stream: streamName,
    event: type,
    by: actor.subject,
    eventId,
    commandId,
    causationId,
    correlationId,
    causedBy: causedBy === undefined ? { command: causationId } : { event: causedBy },
  };
}

function lineOf({ event: { position, streamName, type, metadata }, causedBy }: Cause, causes: Causes): string {
  const { actor, causationId, occurredAt } = metadata;
  const cause = causes.eventOf(causedBy);
  const because =
    cause === undefined
      ? `by command ${causationId} of ${actor.subject}`
      : `because of ${cause.type} at ${formatPosition(cause.position)}`;
  return `${formatPosition(position)}  ${occurredAt}  ${type} in ${streamName}, ${because}`;
}
