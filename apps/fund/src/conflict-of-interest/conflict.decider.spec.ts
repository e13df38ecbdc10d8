import { given } from '@alliance/event-sourcing';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, ids, who } from '../grant/grant.given';
import { type ConflictCommand, grantConflicts } from './conflict.decider';

const { decider } = grantConflicts;
const [reviewer] = who.reviewers;
const submitted = aGrant({ upTo: 'submitted' });
const cleared: GrantEvent = { type: 'NoConflictDeclared', data: { subject: reviewer } };
const conflicted: GrantEvent = {
  type: 'ConflictDeclared',
  data: { subject: reviewer, kind: 'adviser', declaredBy: reviewer },
};

const none = (by = context(reviewer), panel: readonly { subject: string; organisationId?: string }[] = []) =>
  ({
    type: 'DeclareNoConflict',
    data: { panel, interestedOrganisationIds: [ids.applicant, ids.donor] },
    context: by,
  }) satisfies ConflictCommand;
const conflict = (kind: 'adviser' | 'personal' = 'adviser', by = context(reviewer), subject: string = reviewer) =>
  ({ type: 'DeclareConflict', data: { subject, kind }, context: by }) satisfies ConflictCommand;

describe('conflict of interest before content', () => {
  it('declares that there is none, for oneself and once', () => {
    expect(given(decider, submitted).when(none())).toEqual([cleared]);
    expect(given(decider, [...submitted, cleared]).when(none())).toEqual([]);
  });

  it('declares a conflict at any time, also after having declared none and when all is over', () => {
    expect(given(decider, submitted).when(conflict())).toEqual([conflicted]);
    expect(given(decider, [...submitted, cleared]).when(conflict())).toEqual([conflicted]);
    expect(given(decider, aGrant({ upTo: 'closed' })).when(conflict())).toEqual([conflicted]);
  });

  it('takes no conflict back', () => {
    expect(given(decider, [...submitted, cleared, conflicted]).when(none())).toMatchObject({
      refused: 'forbidden',
      code: 'CONFLICT_STANDS',
      data: { kind: 'declared' },
    });
  });

  it('says the same conflict once, and another one besides', () => {
    const after = given(decider, [...submitted, conflicted]);
    expect(after.when(conflict())).toEqual([]);
    expect(after.when(conflict('personal'))).toMatchObject([{ data: { kind: 'personal' } }]);
  });

  it('lets nobody clear themselves whom the applicant or a donor employs, by token or by panel', () => {
    const institutional = (organisationId: string) => ({
      code: 'CONFLICT_STANDS',
      data: { kind: 'institutional', organisationId },
    });
    const after = given(decider, submitted);
    expect(after.when(none(context(reviewer, ids.donor)))).toMatchObject(institutional(ids.donor));
    const panel = [{ subject: reviewer, organisationId: ids.applicant }];
    expect(after.when(none(context(reviewer), panel))).toMatchObject(institutional(ids.applicant));
    expect(after.when(none(context(reviewer), [{ subject: reviewer, organisationId: ids.structure }]))).toEqual([
      cleared,
    ]);
  });

  it('is declared for others by a coordinator only', () => {
    const after = given(decider, submitted);
    expect(after.when(conflict('adviser', context(who.officer)))).toMatchObject({
      refused: 'forbidden',
      code: 'CONFLICT_OF_ANOTHER',
    });
    expect(after.when(conflict('adviser', context('coordinator-1')))).toMatchObject([
      { type: 'ConflictDeclared', data: { subject: reviewer, declaredBy: 'coordinator-1' } },
    ]);
  });

  it.each([none(), conflict()])('is about a grant that is there', (command) => {
    expect(given(decider, []).when(command)).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
  });
});
