import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import { calendarDate } from '../field-types';

/** What offers and needs of time are made of. */

export const skills = Type.Array(
  closedObject({
    key: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
    level: Type.Integer({ minimum: 1, maximum: 5, description: 'From 1 (a beginner) to 5 (can teach it).' }),
  }),
);

export const languages = Type.Array(
  closedObject({
    tag: Type.String({ pattern: '^[a-z]{2,3}$', description: 'By ISO 639: `uk`, `de`.' }),
    level: Type.Union(
      (['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const).map((level) => Type.Literal(level)),
      { description: 'By the Common European Framework.' },
    ),
  }),
);

/** A calendar week by ISO 8601, of Berlin's days: `2026-W15`. */
export const week = Type.String({ pattern: '^\\d{4}-W\\d{2}$' });

export const weeklyWindow = {
  from: calendarDate,
  until: Type.String({ ...calendarDate, description: 'The last day.' }),
  minutesPerWeek: Type.Integer({ minimum: 1, description: 'Of a whole week.' }),
  weekdays: Type.Optional(
    Type.Array(
      Type.Union((['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const).map((day) => Type.Literal(day))),
      {
        description: 'Only on these days; on any when absent.',
      },
    ),
  ),
};

export const severity = Type.Integer({ minimum: 1, maximum: 3, description: '3: somebody is harmed if nobody comes.' });
