import { type Static, Type } from '@sinclair/typebox';
import { closed, day } from './event-fields';

/** One reason why something cannot go on. The code is stable and part of the API; the words are for a human. */
export const blocker = closed({
  code: Type.String({ pattern: '^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$', maxLength: 60 }),
  words: Type.String({ minLength: 1, maxLength: 1000 }),
  /** The first day on which it no longer stands in the way, if it goes away by itself. */
  lapsesOn: Type.Optional(day),
});
export type Blocker = Static<typeof blocker>;
