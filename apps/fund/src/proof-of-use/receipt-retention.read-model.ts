import type { EntityManager } from 'typeorm';

/** A report whose receipts are held, and the day on which its grant was closed or revoked. */
export interface KeptReceipts {
  readonly grantId: string;
  readonly reportId: string;
  readonly endedOn: string;
}

/** Those of grants that on that day (of UTC) have been closed or revoked for so many years. Those after the id, by id. */
export function receiptsPastRetention(
  tx: EntityManager,
  { today, years, afterId, limit }: { today: string; years: number; afterId?: string; limit: number },
): Promise<readonly KeptReceipts[]> {
  return tx.query<KeptReceipts[]>(
    `SELECT grant_id AS "grantId", report_id AS "reportId", to_char(ended_on, 'YYYY-MM-DD') AS "endedOn"
     FROM (SELECT report.*, CAST(accountable.ended_at AT TIME ZONE 'UTC' AS date) AS ended_on
           FROM grant_report AS report JOIN accountable_grant AS accountable USING (grant_id)
           WHERE report.version > 0 AND NOT report.receipts_erased) AS kept
     WHERE ended_on + make_interval(years => $2) <= $1::date AND ($3::uuid IS NULL OR report_id > $3)
     ORDER BY report_id LIMIT $4`,
    [today, years, afterId ?? null, limit],
  );
}
