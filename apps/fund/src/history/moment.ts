import { isDay } from '@alliance/calendar';
import { comparePositions, type LogPosition, parsePosition, type RecordedEvent } from '@alliance/event-sourcing';

/** A place in the log, or a time by the clock of whoever wrote; both inclusive. */
export type Moment = { readonly position: LogPosition } | { readonly time: string };

const TIME = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?Z)?$/;

/** Reads `commit/prepare`, a time in UTC as `2026-03-20T10:00:00Z`, or a day, which means its end. `undefined` for all else. */
export function parseMoment(text: string): Moment | undefined {
  const position = parsePosition(text);
  if (position !== undefined) return { position };
  const [, day, hours = '23', minutes = '59', seconds, fraction] = TIME.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  const isWholeDay = text === day;
  const second = seconds ?? (isWholeDay ? '59' : '00');
  const milliseconds = (fraction ?? (isWholeDay ? '999' : '0')).padEnd(3, '0');
  return { time: `${day}T${hours}:${minutes}:${second}.${milliseconds}Z` };
}

/** Whether it had happened by then. */
export function isUpTo(moment: Moment, { position, metadata }: Pick<RecordedEvent, 'position' | 'metadata'>): boolean {
  return 'time' in moment ? metadata.occurredAt <= moment.time : comparePositions(position, moment.position) <= 0;
}
