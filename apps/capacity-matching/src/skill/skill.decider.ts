import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type SkillEvent, skillEvents } from './skill.events';

export type SkillCommand =
  | Command<'AddSkill', { readonly key: string; readonly nameDe: string; readonly nameEn: string }>
  | Command<'RetireSkill', { readonly key: string }>;

export type SkillState = 'none' | 'in-use' | 'retired';

/** A key that was retired is not given to another skill: what was recorded with it has to stay readable. */
export const skill: Aggregate<SkillCommand, SkillState, SkillEvent> = {
  catalogue: skillEvents,
  decider: {
    initialState: 'none',

    decide({ type, data, context: { actor } }, state) {
      switch (type) {
        case 'AddSkill':
          if (state !== 'none') {
            return refuse('conflict', 'SKILL_KEY_TAKEN', 'There is, or was, a skill with this key.', { key: data.key });
          }
          return [{ type: 'SkillAdded', data: { ...data, addedBy: actor.subject } }];
        case 'RetireSkill':
          if (state === 'none') return refuse('not-found', 'SKILL_UNKNOWN', 'There is no skill with this key.');
          return state === 'retired' ? [] : [{ type: 'SkillRetired', data: { ...data, retiredBy: actor.subject } }];
      }
    },

    evolve: (_, event) => (event.type === 'SkillAdded' ? 'in-use' : 'retired'),
  },
};
