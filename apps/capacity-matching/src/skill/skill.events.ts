import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';
import { closed, slug, subject } from '../event-fields';

const name = Type.String({ minLength: 1, maxLength: 200 });

/** One stream for each skill by which offers and needs find each other; its id is the key. */
export const skillEvents = eventCatalogue(streamCategory('capacity-matching', 'skill'), {
  SkillAdded: { schema: closed({ key: slug, nameDe: name, nameEn: name, addedBy: subject }) },
  /** Nothing new is to be recorded with it; what was recorded stays readable. */
  SkillRetired: { schema: closed({ key: slug, retiredBy: subject }) },
});

export type SkillEvent = EventOf<typeof skillEvents>;
