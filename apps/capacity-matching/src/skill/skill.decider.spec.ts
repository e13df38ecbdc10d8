import { given } from '@alliance/event-sourcing';
import { skill, type SkillCommand } from './skill.decider';
import type { SkillEvent } from './skill.events';

const context: SkillCommand['context'] = {
  commandId: 'c-1',
  correlationId: 'c-1',
  causationId: 'c-1',
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
  at: '2026-04-06T08:00:00.000Z',
};
const names = { key: 'social-work', nameDe: 'Sozialarbeit', nameEn: 'Social work' };
const added: SkillEvent = { type: 'SkillAdded', data: { ...names, addedBy: 'coordinator-1' } };
const retired: SkillEvent = { type: 'SkillRetired', data: { key: 'social-work', retiredBy: 'coordinator-1' } };

describe('A skill', () => {
  it('is added once under its key, which no other gets after it was retired', () => {
    const add: SkillCommand = { type: 'AddSkill', data: names, context };
    expect(given(skill.decider, []).when(add)).toEqual([added]);
    for (const before of [[added], [added, retired]]) {
      expect(given(skill.decider, before).when(add)).toMatchObject({ code: 'SKILL_KEY_TAKEN' });
    }
  });

  it('is retired once, and only when there is one', () => {
    const retire: SkillCommand = { type: 'RetireSkill', data: { key: 'social-work' }, context };
    expect(given(skill.decider, [added]).when(retire)).toEqual([retired]);
    expect(given(skill.decider, [added, retired]).when(retire)).toEqual([]);
    expect(given(skill.decider, []).when(retire)).toMatchObject({ code: 'SKILL_UNKNOWN' });
  });
});
