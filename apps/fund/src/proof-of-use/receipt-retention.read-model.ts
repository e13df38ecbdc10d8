import type { EntityManager } from 'typeorm';

/** A report whose receipts are held, and the day on which its grant was closed. */
export interface KeptReceipts {
  readonly grantId: string;
  readonly reportId: string;
  readonly closedOn: string;
}

/** Those of grants that on that day (of UTC) have been closed for so many years. Those after the id, by id. */
export function receiptsPastRetention(
  tx: EntityManager,
  { today, years, afterId, limit }: { today: string; years: number; afterId?: string; limit: number },
): Promise<readonly KeptReceipts[]> {
  return tx.query<KeptReceipts[]>(
    `SELECT grant_id AS "grantId", report_id AS "reportId", to_char(closed_on, 'YYYY-MM-DD') AS "closedOn"
     FROM (SELECT report.*, CAST(accountable.closed_at AT TIME ZONE 'UTC' AS date) AS closed_on
           FROM grant_report AS report JOIN accountable_grant AS accountable USING (grant_id)
           WHERE report.version > 0 AND NOT report.receipts_erased) AS kept
     WHERE closed_on + make_interval(years => $2) <= $1::date AND ($3::uuid IS NULL OR report_id > $3)
     ORDER BY report_id LIMIT $4`,
    [today, years, afterId ?? null, limit],
  );
}
