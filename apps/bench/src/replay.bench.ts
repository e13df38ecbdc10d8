import { randomUUID } from 'node:crypto';
import { replay } from '@alliance/audit';
import type { EventMetadata } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { type GrantEvent, grantEvents, grantStateOf, grantStream } from '@alliance/fund/events';
import { organisationEvents } from '@alliance/registry/events';
import { abandon, bareClient } from './bare-client';
import { fillLog } from './filled-log';
import { type Benchmark, compare, type Side, spreadOf, timed } from './measure';
import { withEventStore } from './world';

/** As many as a log has after years. */
const EVENTS = 1_000_000;
const GRANTS = 50;
const EVENTS_OF_A_GRANT = 60;

export const auditBenchmarks: readonly Benchmark[] = [
  {
    name: 'replay',
    measure: `replay ${EVENTS} events as auditors do, against a bare readAll`,
    unit: '×',
    better: 'higher',
    bar: 0.8,
    aim: 0.95,
    run: (progress) =>
      withEventStore(async (url) => {
        progress(`writing ${EVENTS} events`);
        await fillLog(url, EVENTS);
        return compare({ ours: () => replayed(url), bare: () => readBare(url), rounds: 3 }, progress);
      }),
  },
  {
    name: 'grant-at-moment',
    measure: `state of one grant of ${EVENTS_OF_A_GRANT} events at a moment, ${EVENTS} events in the log`,
    unit: 'ms',
    better: 'lower',
    bar: 100,
    aim: 20,
    run: (progress) =>
      withEventStore(async (url) => {
        progress(`writing ${EVENTS} events`);
        await fillLog(url, EVENTS);
        const store = EventStore.connect({ connectionString: url });
        const grants = Array.from({ length: GRANTS }, () => randomUUID());
        for (const grantId of grants) await writeGrant(store, grantId);
        const milliseconds: number[] = [];
        for (const grantId of grants) {
          const seconds = await timed(async () => {
            const events = await grantStream(store, grantId);
            const state = grantStateOf(events.slice(0, EVENTS_OF_A_GRANT / 2));
            if (state.get('stage') === undefined) throw new Error(`The state of ${grantId} is empty.`);
          });
          milliseconds.push(seconds * 1000);
        }
        await store.close();
        return { spread: spreadOf(milliseconds), raw: milliseconds };
      }),
  },
];

const replayed = async (url: string): ReturnType<Side> => {
  const store = EventStore.connect({ connectionString: url });
  let units = 0;
  const seconds = await timed(async () => {
    for await (const events of replay(store, [organisationEvents])) units += events.length;
  });
  await store.close();
  if (units !== EVENTS) throw new Error(`The replay gave ${units} events instead of ${EVENTS}.`);
  return { seconds, units };
};

const readBare = async (url: string): ReturnType<Side> => {
  const client = bareClient(url);
  let units = 0;
  const seconds = await timed(async () => {
    for await (const { event } of client.readAll()) if (event?.streamId.startsWith('registry.')) units += 1;
  });
  abandon(client);
  if (units !== EVENTS) throw new Error(`The bare client read ${units} events instead of ${EVENTS}.`);
  return { seconds, units };
};

async function writeGrant(store: EventStore, grantId: string): Promise<void> {
  const terms = { proofDueMonths: 6, lineTolerancePercent: 20, needWindowDays: 42, spendWithinYears: 2, interest: [] };
  const drafted: GrantEvent = {
    type: 'GrantDrafted',
    data: {
      ...{ callId: randomUUID(), potId: randomUUID(), applicantOrganisationId: randomUUID(), currency: 'EUR' },
      call: {
        ...{ title: 'Call', opensAt: '2026-01-01T00:00:00.000Z', closesAt: '2026-03-01T00:00:00.000Z' },
        ...{ fieldKeys: ['orientation'], regionKeys: ['09000000'] },
        ...{ minimum: { cents: 0, currency: 'EUR' }, maximum: { cents: 1_000_000, currency: 'EUR' } },
        criteria: [{ key: 'need', label: 'Need', weightPercent: 100, mostPoints: 10 }],
        ...{ requiredDocuments: [], costLines: ['staff'], terms },
      },
      draftedBy: 'representative-1',
    },
  };
  const declared = Array.from({ length: EVENTS_OF_A_GRANT - 1 }, (_, index): GrantEvent => {
    return { type: 'NoConflictDeclared', data: { subject: `reviewer-${index}` } };
  });
  const written = [drafted, ...declared].map((event) => ({ ...event, metadata: metadata() }));
  await store.append(grantEvents.category.streamName(grantId), grantEvents, written, 'no-stream');
}

function metadata(): EventMetadata {
  const commandId = randomUUID();
  return {
    ...{ eventId: randomUUID(), commandId, correlationId: commandId, causationId: commandId },
    ...{ actor: { subject: 'representative-1', roles: ['representative'] } },
    ...{ occurredAt: '2026-01-15T10:00:00.000Z', schemaVersion: 1 },
  };
}
