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
});
