import { type Commitment, type Standing, wishFor } from './organisation-standing.policy';

const id = '70000000-0000-4000-8000-000000000001';
const member: Standing = { status: 'admitted', survivorId: 'supporter' };
const another: Standing = { status: 'admitted', survivorId: 'helper' };
const suspended: Standing = { ...member, status: 'suspended' };
const left: Standing = { ...member, status: 'left' };
const offer: Commitment = {
  ...{ id, kind: 'offer', stage: 'open', supporting: member, helping: undefined },
  ...{ isNeedClosed: false, isFrozen: false, lastWeek: null, revision: '3' },
};
const need: Commitment = { ...offer, kind: 'need', supporting: undefined, helping: another };
const proposed: Commitment = { ...offer, kind: 'allocation', helping: another, lastWeek: '2026-W17' };
const started: Commitment = { ...proposed, stage: 'started' };

const wish = (commitment: Commitment, thisWeek = '2026-W16') => {
  const { type, target, data } = wishFor(commitment, thisWeek) ?? {};
  expect(target ?? id).toBe(id);
  return type === undefined ? undefined : [type, data];
};
const forSuspension = { reasonCode: 'organisation-suspended' };
const forLeaving = { reasonCode: 'organisation-left' };

describe('How an organisation stands', () => {
  it('changes nothing as long as it is a member, or nobody has told of it', () => {
    for (const commitment of [offer, need, proposed, started]) {
      expect(wish(commitment)).toBeUndefined();
      expect(wish({ ...commitment, supporting: undefined, helping: undefined })).toBeUndefined();
    }
  });

  it('pauses its offers when it is suspended, once, and resumes them when it is reinstated', () => {
    expect(wish({ ...offer, supporting: suspended })).toEqual(['PauseOffer', forSuspension]);
    expect(wish({ ...offer, supporting: suspended, isFrozen: true })).toBeUndefined();
    expect(wish({ ...offer, isFrozen: true })).toEqual(['ResumeOffer', forSuspension]);
    expect(wish({ ...offer, supporting: undefined, isFrozen: true })).toBeUndefined();
  });

  it('releases what has not started when either side is suspended, and lets go on what has', () => {
    expect(wish({ ...proposed, supporting: suspended })).toEqual(['CallOffAllocation', forSuspension]);
    expect(wish({ ...proposed, helping: suspended })).toEqual(['CallOffAllocation', forSuspension]);
    expect(wish({ ...started, supporting: suspended })).toBeUndefined();
    expect(wish({ ...need, helping: suspended })).toBeUndefined();
  });

  it('withdraws its offers and closes its needs when it has left', () => {
    expect(wish({ ...offer, supporting: left, isFrozen: true })).toEqual(['WithdrawOffer', forLeaving]);
    expect(wish({ ...need, helping: left })).toEqual(['CloseNeed', forLeaving]);
  });

  it('ends what has started from this week on when either side has left, if there are weeks to come', () => {
    const fromNow = { ...forLeaving, fromWeek: '2026-W16' };
    expect(wish({ ...started, supporting: left })).toEqual(['ReleaseAllocation', fromNow]);
    expect(wish({ ...started, helping: left })).toEqual(['ReleaseAllocation', fromNow]);
    expect(wish({ ...started, helping: left }, '2026-W17')?.[0]).toBe('ReleaseAllocation');
    expect(wish({ ...started, helping: left }, '2026-W18')).toBeUndefined();
    expect(wish({ ...proposed, helping: left })).toEqual(['CallOffAllocation', forLeaving]);
  });

  it('is that of the surviving record: two that became one do not help each other', () => {
    const reason = { reasonCode: 'organisations-merged' };
    expect(wish({ ...proposed, helping: member })).toEqual(['CallOffAllocation', reason]);
    expect(wish({ ...started, helping: member })).toBeUndefined();
  });
});

describe('A closed need', () => {
  it('releases its allocations that have not started', () => {
    expect(wish({ ...proposed, isNeedClosed: true })).toEqual(['CallOffAllocation', { reasonCode: 'need-closed' }]);
    expect(wish({ ...started, isNeedClosed: true })).toBeUndefined();
  });
});
