import type { Clock } from '@alliance/event-sourcing';
import { Client } from 'pg';
import type { HeldLease, Lease } from '../lease';
import { retry } from '../retry';

/** How soon another process takes over when the lease is free, at the latest. */
const ASK_EVERY_MS = 1_000;
/** How soon a holder notices that its connection is dead although nobody closed it. */
const PROVE_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 3_000;

/**
 * A lease as a session lock of Postgres on a connection of its own: the lock ends with the session, so a process that
 * dies or is cut off holds nothing. Who is cut off learns it within seconds and stops; in between two may hold it,
 * which costs doubles and no more.
 */
export function advisoryLockLease(options: {
  /** Connection string of the database of the service. */
  readonly url: string;
  /** What it is the lease of; the same name in the same database is the same lease. */
  readonly name: string;
  readonly clock: Clock;
}): Lease {
  const { url, name, clock } = options;
  return {
    async acquire(signal) {
      const attempt = await retry(() => lockOnce(url, name, clock, signal), { clock, signal });
      return attempt.done ? attempt.result : undefined;
    },
  };
}

/** Waits for the lock on one connection; rejects when the connection fails. */
async function lockOnce(url: string, name: string, clock: Clock, signal: AbortSignal): Promise<HeldLease | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ANSWER_WITHIN_MS });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  try {
    await client.connect();
    while (!signal.aborted) {
      if (await ask(client, 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS yes', [name])) {
        void proveAlive(client, clock, lost);
        return { lost: lost.signal, release: () => end(client) };
      }
      await clock.sleep(ASK_EVERY_MS, signal);
    }
  } catch (error) {
    await end(client);
    throw error;
  }
  await end(client);
  return undefined;
}

async function ask(client: Client, text: string, values: readonly string[]): Promise<boolean> {
  // The type of the driver does not know the time limit of a single query.
  const query = { text, values: [...values], query_timeout: ANSWER_WITHIN_MS };
  const { rows } = await client.query<{ yes: boolean }>(query);
  return rows[0]?.yes ?? false;
}

/** Says that the lease is lost when the server no longer answers: a cut network closes no connection. */
async function proveAlive(client: Client, clock: Clock, lost: AbortController): Promise<void> {
  while (!lost.signal.aborted) {
    await clock.sleep(PROVE_EVERY_MS, lost.signal);
    if (lost.signal.aborted) return;
    await ask(client, 'SELECT true AS yes', []).catch(() => lost.abort());
  }
}

async function end(client: Client): Promise<void> {
  // It may be broken already; then there is nothing left to end.
  await client.end().catch(() => undefined);
}
