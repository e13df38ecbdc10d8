import { given } from '@alliance/event-sourcing';
import { shortage, type ShortageCommand } from './shortage.decider';
import type { ShortageEvent } from './shortage.events';

const context = {
  ...{ commandId: 'c', correlationId: 'c', causationId: 'c', at: '2026-04-06T10:00:00.000Z' },
  actor: { subject: 'capacity-matching.shortage', roles: [] },
};
const shortageId = '60000000-0000-4000-8000-000000000001';
const declared = { shortageId, fieldKey: 'accommodation', regionKey: '09162000', declaredOn: '2026-04-05' };
const over = { shortageId, easedOn: '2026-05-01' };
const hear: ShortageCommand = { type: 'HearShortage', data: declared, context };
const ease: ShortageCommand = { type: 'HearEasing', data: over, context };
const heard: ShortageEvent = { type: 'ShortageHeard', data: declared };
const eased: ShortageEvent = { type: 'ShortageEased', data: over };

describe('A shortage', () => {
  it('is taken down as it was told, with its end', () => {
    expect(given(shortage.decider, []).when(hear)).toEqual([heard]);
    expect(given(shortage.decider, [heard]).when(ease)).toEqual([eased]);
  });

  it('is taken down once, and does not begin again', () => {
    expect(given(shortage.decider, [heard]).when(hear)).toEqual([]);
    expect(given(shortage.decider, [heard, eased]).when(ease)).toEqual([]);
    expect(given(shortage.decider, [heard, eased]).when(hear)).toEqual([]);
  });

  it('does not end before it has begun', () => {
    expect(given(shortage.decider, []).when(ease)).toMatchObject({ code: 'SHORTAGE_UNKNOWN' });
  });
});
