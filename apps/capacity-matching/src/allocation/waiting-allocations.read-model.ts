/** Conditions on `allocation`: what waits for the organisation of `:ids`. */

const isOne = (side: 'helping' | 'supporting') => `allocation.${side}Id = ANY (CAST(:ids AS uuid[]))`;

/** Secured proposals that it has yet to accept or decline. */
export const WAITS_FOR_ACCEPTANCE = `(allocation.stage = 'proposed' AND allocation.securedAt IS NOT NULL AND
  ((${isOne('helping')} AND allocation.acceptedHelpingAt IS NULL) OR
   (${isOne('supporting')} AND allocation.acceptedSupportingAt IS NULL)))`;

const lacksWordOf = (side: 'helping' | 'supporting') => `(${isOne(side)} AND EXISTS (
  SELECT FROM jsonb_to_recordset(allocation.weeks) AS run("from" text, "to" text),
    generate_series(to_date(run."from", 'IYYY"-W"IW'), to_date(run."to", 'IYYY"-W"IW'), interval '7 days') AS monday
  WHERE to_char(monday, 'IYYY"-W"IW') < :thisWeek AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(allocation.reports) AS report
    WHERE report->>'week' = to_char(monday, 'IYYY"-W"IW') AND report ? '${side}')))`;

/** Started ones of which it has yet to say what was worked in a week before `:thisWeek`. */
export const HOURS_DUE = `(allocation.stage = 'started' AND (${lacksWordOf('helping')} OR ${lacksWordOf('supporting')}))`;
