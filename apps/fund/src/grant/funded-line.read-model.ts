import type { RecordedEvent } from '@alliance/event-sourcing';
import { upsertRows } from '@alliance/read-models';
import type { EntityManager } from 'typeorm';
import type { Currency } from '../money';
import type { FundedLine } from './double-funding';
import { type GrantEvent, grantEvents } from './grant.events';

interface Row {
  readonly grant_id: string;
  readonly line_no: number;
  readonly key: string;
  readonly period_from: string;
  readonly period_to: string;
  readonly requested: number;
}

/** Writes what the last submissions among the events ask the fund for, in place of what was asked before. */
export async function writeFundedLines(tx: EntityManager, events: readonly (RecordedEvent & GrantEvent)[]) {
  const lines = new Map<string, Row[]>();
  for (const { type, data, streamName } of events) {
    if (type !== 'ApplicationSubmitted') continue;
    const grant_id = grantEvents.category.idOf(streamName);
    const asked = data.application.lines.filter(({ requested }) => requested.cents > 0);
    const rows = asked.map(({ key, from, to, requested }, line_no) => {
      return { grant_id, line_no, key, period_from: from, period_to: to, requested: requested.cents };
    });
    lines.set(grant_id, rows);
  }
  if (lines.size === 0) return;
  await tx.query('DELETE FROM funded_line WHERE grant_id = ANY ($1)', [[...lines.keys()]]);
  await upsertRows(tx, 'funded_line', ['grant_id', 'line_no'], [...lines.values()].flat());
}

/** The lines of what these organisations have applied for and neither withdrawn nor been refused, one grant left out. */
export async function findFundedLines(
  tx: EntityManager,
  applicantIds: readonly string[],
  exceptGrantId: string,
): Promise<readonly FundedLine[]> {
  const found = await tx.query<
    { id: string; key: string; from: string; to: string; requested: string; currency: Currency; stage: string }[]
  >(
    `SELECT register.id, key, period_from::text AS "from", period_to::text AS "to", line.requested, currency, stage
       FROM funded_line AS line JOIN grant_register AS register ON register.id = line.grant_id
      WHERE applicant_id = ANY ($1) AND register.id <> $2 AND stage NOT IN ('withdrawn', 'rejected')`,
    [applicantIds, exceptGrantId],
  );
  return found.map(({ id, key, from, to, requested, currency, stage }) => {
    return { grantId: id, lineKey: key, from, to, requested: { cents: Number(requested), currency }, stage };
  });
}
