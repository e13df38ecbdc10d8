import { given } from '@alliance/event-sourcing';
import { context } from '../organisation/organisation.given';
import { duplicateCandidate } from './duplicate-candidate.decider';
import type { DuplicateCandidateEvent, Suspicion } from './duplicate-candidate.events';

const { decider } = duplicateCandidate;
const suspicion: Suspicion = {
  organisationIds: ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'],
  score: 0.93,
  reasons: [{ kind: 'name', weight: 14.2, text: 'Both names have "bruecke".' }],
  appliedBy: ['representative-1', 'coordinator-2'],
};
const suspected: DuplicateCandidateEvent = { type: 'DuplicateSuspected', data: suspicion };
const dismissed: DuplicateCandidateEvent = {
  type: 'DuplicateDismissed',
  data: { reasonCode: 'different-organisations', dismissedBy: 'coordinator-1' },
};
const suspect = { type: 'SuspectDuplicate', data: suspicion, context: context('registry') } as const;
const dismissBy = (subject: string) =>
  ({ type: 'DismissDuplicate', data: { reasonCode: 'different-organisations' }, context: context(subject) }) as const;

const confirmed: DuplicateCandidateEvent = { type: 'DuplicateConfirmed', data: {} };
const reopened: DuplicateCandidateEvent = { type: 'DuplicateReopened', data: {} };
const settle = (type: 'ConfirmDuplicate' | 'ReopenDuplicate') =>
  ({ type, data: {}, context: context('registry') }) as const;

describe('a pair of organisations that look like one', () => {
  it('is recorded once, however often it is found', () => {
    expect(given(decider, []).when(suspect)).toEqual([suspected]);
    expect(given(decider, [suspected]).when(suspect)).toEqual([]);
  });

  it('stays dismissed when it is found again', () => {
    expect(given(decider, [suspected]).when(dismissBy('coordinator-1'))).toEqual([dismissed]);
    expect(given(decider, [suspected, dismissed]).when(suspect)).toEqual([]);
    expect(given(decider, [suspected, dismissed]).when(dismissBy('coordinator-3'))).toEqual([]);
  });

  it('is not dismissed by who applied for one of the two', () => {
    expect(given(decider, [suspected]).when(dismissBy('coordinator-2'))).toMatchObject({
      refused: 'forbidden',
      code: 'DUPLICATE_DECIDED_BY_APPLICANT',
    });
  });

  it('that was never found cannot be dismissed', () => {
    expect(given(decider, []).when(dismissBy('coordinator-1'))).toMatchObject({ code: 'DUPLICATE_UNKNOWN' });
  });

  it('is confirmed by a merge, once, and open again after its undo', () => {
    const merged = [suspected, confirmed];
    expect(given(decider, [suspected]).when(settle('ConfirmDuplicate'))).toEqual([confirmed]);
    expect(given(decider, merged).when(settle('ConfirmDuplicate'))).toEqual([]);
    expect(given(decider, merged).when(suspect)).toEqual([]);
    expect(given(decider, merged).when(settle('ReopenDuplicate'))).toEqual([reopened]);
    expect(given(decider, [...merged, reopened]).when(settle('ReopenDuplicate'))).toEqual([]);
    expect(given(decider, [...merged, reopened]).when(settle('ConfirmDuplicate'))).toEqual([confirmed]);
    expect(given(decider, [...merged, reopened]).when(dismissBy('coordinator-1'))).toEqual([dismissed]);
  });

  it('cannot be dismissed while it is merged, and asks for the same second person after the undo', () => {
    expect(given(decider, [suspected, confirmed]).when(dismissBy('coordinator-1'))).toMatchObject({
      refused: 'conflict',
      code: 'DUPLICATE_MERGED',
    });
    expect(given(decider, [suspected, confirmed, reopened]).when(dismissBy('coordinator-2'))).toMatchObject({
      code: 'DUPLICATE_DECIDED_BY_APPLICANT',
    });
  });

  it('that was never found, or is dismissed, is not touched by a merge', () => {
    for (const events of [[], [suspected, dismissed]]) {
      expect(given(decider, events).when(settle('ConfirmDuplicate'))).toEqual([]);
      expect(given(decider, events).when(settle('ReopenDuplicate'))).toEqual([]);
    }
  });
});
