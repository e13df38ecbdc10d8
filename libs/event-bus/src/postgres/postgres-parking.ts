import type { EntityManager } from 'typeorm';
import type { ParkedMessage, Parking } from '../parking';
import { storable } from './storable-text';

interface ParkedRow {
  readonly id: string;
  readonly consumer_group: string;
  readonly topic: string;
  readonly key: string;
  readonly partition: number;
  readonly offset: string;
  readonly message_key: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
  readonly reason: string;
  readonly parked_at: Date;
}

/** The parking place in the tables of `eventBusMigrations`. */
export const postgresParking: Parking<EntityManager> = {
  async parkedAmong(tx, group, topic, keys) {
    const rows = await tx.query<{ key: string }[]>(
      `SELECT DISTINCT key FROM parked_message WHERE consumer_group = $1 AND topic = $2 AND key = ANY($3::text[])`,
      [group, topic, keys.map(storable)],
    );
    const stored = new Set(rows.map(({ key }) => key));
    return new Set(keys.filter((key) => stored.has(storable(key))));
  },

  async park(tx, group, message, reason, at) {
    // The same bytes at the same place are a delivery that came twice; the place alone is not enough, since a topic
    // that was made anew counts from the beginning again.
    await tx.query(
      `INSERT INTO parked_message
         (consumer_group, topic, key, partition, "offset", message_key, headers, value, reason, parked_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       WHERE NOT EXISTS (
         SELECT 1 FROM parked_message
         WHERE consumer_group = $1 AND topic = $2 AND key = $3 AND partition = $4 AND "offset" = $5 AND value = $8)`,
      [
        group,
        message.topic,
        storable(message.key),
        message.partition,
        message.offset.toString(),
        Buffer.from(message.key),
        JSON.stringify(message.headers),
        message.value,
        storable(reason),
        at,
      ],
    );
  },

  async keys(tx, group) {
    const rows = await tx.query<(ParkedRow & { count: string })[]>(
      `SELECT DISTINCT ON (consumer_group, topic, key)
         id, consumer_group, topic, key, reason, parked_at,
         count(*) OVER (PARTITION BY consumer_group, topic, key) AS count
       FROM parked_message WHERE $1::text IS NULL OR consumer_group = $1
       ORDER BY consumer_group, topic, key, id`,
      [group ?? null],
    );
    return rows
      .map((row) => ({
        group: row.consumer_group,
        topic: row.topic,
        key: row.key,
        count: Number(row.count),
        reason: row.reason,
        parkedAt: row.parked_at,
      }))
      .sort((a, b) => a.parkedAt.getTime() - b.parkedAt.getTime());
  },

  async messages(tx, { group, topic, key }, limit) {
    const rows = await tx.query<ParkedRow[]>(
      `SELECT * FROM parked_message WHERE consumer_group = $1 AND topic = $2 AND key = $3 ORDER BY id LIMIT $4`,
      [group, topic, storable(key), limit],
    );
    return rows.map(messageOf);
  },

  async remove(tx, id) {
    await tx.query(`DELETE FROM parked_message WHERE id = $1`, [id.toString()]);
  },

  async giveReason(tx, id, reason) {
    await tx.query(`UPDATE parked_message SET reason = $2 WHERE id = $1`, [id.toString(), storable(reason)]);
  },

  async audit(tx, { group, topic, key, action, messageId, by, why, at }) {
    await tx.query(
      `INSERT INTO parking_audit (consumer_group, topic, key, action, message_id, by_subject, why, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [group, topic, storable(key), action, messageId?.toString() ?? null, by, why, at],
    );
  },
};

function messageOf(row: ParkedRow): ParkedMessage {
  return {
    id: BigInt(row.id),
    group: row.consumer_group,
    topic: row.topic,
    key: row.key,
    reason: row.reason,
    parkedAt: row.parked_at,
    message: {
      topic: row.topic,
      key: row.message_key.toString(),
      headers: row.headers,
      value: row.value,
      partition: row.partition,
      offset: BigInt(row.offset),
    },
  };
}
