import type { EntityManager } from 'typeorm';
import type { Inbox } from '../inbox';
import { storable } from './storable-text';

/** The inbox in the tables of `eventBusMigrations`. */
export const postgresInbox: Inbox<EntityManager> = {
  async claim(tx, group, topic, keys) {
    const byStored = new Map(keys.map((key) => [storable(key), key]));
    // An update that changes nothing: it makes new rows and locks old ones at once, in one order for everyone.
    const rows = await tx.query<{ key: string; revision: string }[]>(
      `INSERT INTO inbox AS mine (consumer_group, topic, key, revision)
       SELECT $1, $2, key, -1 FROM unnest($3::text[]) AS wanted (key) ORDER BY key
       ON CONFLICT (consumer_group, topic, key) DO UPDATE SET revision = mine.revision
       RETURNING key, revision`,
      [group, topic, [...byStored.keys()]],
    );
    const revisions = new Map<string, bigint>();
    for (const { key, revision } of rows) {
      const asked = byStored.get(key);
      if (asked !== undefined && revision !== '-1') revisions.set(asked, BigInt(revision));
    }
    return revisions;
  },

  async advance(tx, group, topic, revisions) {
    if (revisions.size === 0) return;
    await tx.query(
      `UPDATE inbox SET revision = handled.revision
       FROM unnest($3::text[], $4::bigint[]) AS handled (key, revision)
       WHERE inbox.consumer_group = $1 AND inbox.topic = $2 AND inbox.key = handled.key`,
      [group, topic, [...revisions.keys()].map(storable), [...revisions.values()].map(String)],
    );
  },
};
