import { Type } from '@sinclair/typebox';
import { closedObject } from './closed-object';

// Patterns rather than `format`: every JSON Schema checker applies a pattern, many treat a format as a remark.

/** A UUID of any version. */
export const uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });

/** A moment, ISO 8601, UTC: `2026-03-01T09:30:00.000Z`. */
export const utcTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' });

/** A day, ISO 8601: `2026-03-01`. */
export const calendarDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** A region by its AGS: eight digits as text, filled up with zeros on the right (`09000000` is Bavaria). */
export const regionKey = Type.String({ pattern: '^\\d{8}$' });

/** A field of action by its key in kebab-case; the key stays when the names change. */
export const fieldKey = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });

/** An amount in whole cents (or whatever the currency's hundredth is), with its currency by ISO 4217. */
export const money = closedObject({
  cents: Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
});

export const reasonCode = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  description: 'An open list: a reader meets codes it does not know. Never free text, which could name persons.',
});
