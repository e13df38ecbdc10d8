import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@alliance/standalone';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { Alliance } from './world/alliance';
import { eventually } from './world/eventually';
import { journeys } from './world/journeys';
import { admit, apply } from './world/registry-steps';

const KILLS = 6;
const WRITERS = 8;
const MOST_PAUSE_MS = 1500;

/** What a writer was told: acknowledged for certain. */
interface Acknowledged {
  readonly applied: Map<string, string>;
  readonly admitted: Set<string>;
}

journeys(
  'a crash',
  { services: ['registry', 'fund'] },
  {
    async 'at any moment loses no acknowledged command and repeats no effect'(alliance) {
      const acknowledged: Acknowledged = { applied: new Map(), admitted: new Set() };
      const done = new AbortController();
      const writers = Array.from({ length: WRITERS }, (_, number) =>
        write(alliance, number, acknowledged, done.signal),
      );

      for (let kill = 1; kill <= KILLS; kill += 1) {
        await pause(200 + Math.random() * MOST_PAUSE_MS);
        const victim = kill % 3 === 0 ? 'fund' : 'registry';
        await alliance.service(victim).process.kill();
        if (kill % 2 === 0) {
          await alliance.eventStore.process().kill();
          await alliance.eventStore.start();
        }
        await alliance.service(victim).restart();
      }
      await pause(500);
      done.abort();
      await Promise.all(writers);
      expect(acknowledged.applied.size).toBeGreaterThan(0);
      expect(acknowledged.admitted.size).toBeGreaterThan(0);

      await theLogHasEachCommandOnce(alliance, acknowledged);
      await theDirectoryIsComplete(alliance, acknowledged);
      await theFundKnowsEachOnce(alliance, acknowledged);
    },
  },
);

/** Applies and admits one organisation after the other; tries again with the same key until it is acknowledged. */
async function write(alliance: Alliance, number: number, told: Acknowledged, signal: AbortSignal): Promise<void> {
  const representative = await alliance.client('registry', { subject: `rep-${number}`, roles: ['representative'] });
  const coordinator = await alliance.client('registry', { subject: `coo-${number}`, roles: ['coordinator'] });
  for (let count = 1; !signal.aborted; count += 1) {
    const key = randomUUID();
    const id = await untilAcknowledged(() => apply(representative, `Organisation ${number}/${count}`, key));
    told.applied.set(key, id);
    await untilAcknowledged(() => admitOnce(coordinator, id));
    told.admitted.add(id);
  }
}

/** A repeat after a lost answer finds the work done and says so by the stage it is in. */
async function admitOnce(coordinator: ApiClient, id: string): Promise<void> {
  try {
    await admit(coordinator, id);
  } catch (error) {
    if (!String(error).includes('ORGANISATION_WRONG_STAGE')) throw error;
    const answer = await coordinator.post(`/registry/organisations/${id}/admission`, {});
    if (answer.status !== 204) throw error;
  }
}

async function untilAcknowledged<Result>(attempt: () => Promise<Result>): Promise<Result> {
  return eventually(attempt, 60_000);
}

async function theLogHasEachCommandOnce(alliance: Alliance, { applied, admitted }: Acknowledged): Promise<void> {
  const client = EventStoreDBClient.connectionString(alliance.eventStore.url);
  const seen = new Map<string, number>();
  for await (const { event } of client.readAll()) {
    if (event === undefined) continue;
    const what = `${event.type} ${event.streamId}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  await client.dispose();
  const count = (type: string, id: string) => seen.get(`${type} registry.organisation-${id}`) ?? 0;
  expect([...applied.values()].filter((id) => count('MembershipAppliedFor', id) !== 1)).toEqual([]);
  for (const type of ['OrganisationVerified', 'AdmissionDecided', 'OrganisationAdmitted']) {
    expect([...admitted].filter((id) => count(type, id) !== 1)).toEqual([]);
  }
}

async function theDirectoryIsComplete(alliance: Alliance, { admitted }: Acknowledged): Promise<void> {
  const auditor = await alliance.client('registry', { subject: 'auditor-1', roles: ['auditor'] });
  await eventually(async () => {
    const shown = await everything<{ id: string }>(auditor, '/registry/organisations?stage=admitted&sort=name');
    const ids = shown.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...admitted].filter((id) => !ids.includes(id))).toEqual([]);
  }, 60_000);
}

async function theFundKnowsEachOnce(alliance: Alliance, { admitted }: Acknowledged): Promise<void> {
  const officer = await alliance.client('fund', { subject: 'officer-1', roles: ['fund-officer'] });
  await eventually(async () => {
    const known = await everything<{ id: string; status: string }>(officer, '/fund/known-organisations?');
    const ids = known.filter(({ status }) => status === 'admitted').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...admitted].filter((id) => !ids.includes(id))).toEqual([]);
  }, 60_000);
}

/** All pages of a list. */
async function everything<Item>(client: ApiClient, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor = '';
  do {
    const page = await client.get<{ items: readonly Item[]; nextCursor?: string }>(
      `${path}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    expect(page.status).toBe(200);
    items.push(...page.body.items);
    cursor = page.body.nextCursor ?? '';
  } while (cursor !== '');
  return items;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, durationMs));
}
