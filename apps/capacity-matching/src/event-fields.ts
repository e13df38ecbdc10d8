import { type Static, type TProperties, Type } from '@sinclair/typebox';

/** What the events of capacity-matching are made of. */

export const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Union(values.map((value) => Type.Literal(value as Values[number])));

export const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
export const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
/** By ISO 8601, of Berlin's days. */
export const week = Type.String({ pattern: '^\\d{4}-W\\d{2}$' });
export const utcTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' });
export const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
export const regionKey = Type.String({ pattern: '^\\d{8}$' });
/** Pseudonymous; never a name or an address. */
export const subject = Type.String({ minLength: 1, maxLength: 255 });
/** Where a document can be found, never the document; it must not name persons. */
export const reference = Type.String({ minLength: 1, maxLength: 500 });

export const MINUTES_A_WEEK_OF_A_SEAT = 7 * 24 * 60;
export const MOST_SEATS = 100;
export const MOST_MINUTES_A_WEEK = MOST_SEATS * MINUTES_A_WEEK_OF_A_SEAT;
/** Weeks that an offer or a need reaches over at most: two years. */
export const MOST_WEEKS = 106;

/** Minutes of a week, at least one. */
export const minutes = Type.Integer({ minimum: 1, maximum: MOST_MINUTES_A_WEEK });

/** The same minutes in each week from one to another, both included. */
const weekRun = closed({ from: week, to: week, minutes });
/** In the order of time, without overlap. */
export const weekRuns = Type.Array(weekRun, { minItems: 1, maxItems: MOST_WEEKS });
export type WeekRun = Static<typeof weekRun>;

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** From 1 (a beginner) to 5 (can teach it). */
const skill = closed({ key: slug, level: Type.Integer({ minimum: 1, maximum: 5 }) });

/** By the Common European Framework, in the order of ability. */
export const languageLevels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;
/** The language by ISO 639: `uk`, `de`. */
const language = closed({ tag: Type.String({ pattern: '^[a-z]{2,3}$' }), level: oneOf(languageLevels) });
export type Language = Static<typeof language>;

export const skills = Type.Array(skill, { maxItems: 50 });
export const languages = Type.Array(language, { maxItems: 20 });
export const fieldKeys = Type.Array(slug, { minItems: 1, maxItems: 50, uniqueItems: true });
export const organisationIds = Type.Array(uuid, { maxItems: 200, uniqueItems: true });

/** When, from a day to a day, both included, and how much in a whole week. */
export const weeklyWindow = {
  from: day,
  until: day,
  minutesPerWeek: minutes,
  /** Only on these days; on any when absent. */
  weekdays: Type.Optional(Type.Array(oneOf(weekdays), { minItems: 1, maxItems: 6, uniqueItems: true })),
};
