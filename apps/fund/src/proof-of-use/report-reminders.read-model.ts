import type { EntityManager } from 'typeorm';

export interface DueReminder {
  readonly grantId: string;
  readonly reportId: string;
  readonly occasion: string;
}

/**
 * Reports that are waited for and of whose last occasion up to today nobody was reminded; an occasion is so many days
 * (`offsets`, negative: before) from the day on which the report is due. Those after the id, by id.
 */
export function reportsToRemindOf(
  tx: EntityManager,
  { today, offsets, afterId, limit }: { today: string; offsets: readonly number[]; afterId?: string; limit: number },
): Promise<readonly DueReminder[]> {
  return tx.query<DueReminder[]>(
    `SELECT grant_id AS "grantId", report_id AS "reportId", to_char(occasion, 'YYYY-MM-DD') AS occasion
     FROM (SELECT report.*, (SELECT max(report.due_on + days) FROM unnest($2::integer[]) AS days
                             WHERE report.due_on + days <= $1::date) AS occasion
           FROM grant_report AS report JOIN accountable_grant AS accountable USING (grant_id)
           WHERE report.stage IN ('due', 'returned') AND accountable.closed_at IS NULL) AS awaited
     WHERE (reminded_of IS NULL OR reminded_of < occasion) AND ($3::uuid IS NULL OR report_id > $3)
       AND occasion IS NOT NULL
     ORDER BY report_id LIMIT $4`,
    [today, offsets, afterId ?? null, limit],
  );
}
