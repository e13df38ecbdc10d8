import { fold } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { conflictOf, conflictsFrom, evolveConflicts, noConflicts, personOf } from './conflicts';
import type { GrantEvent } from './grant/grant.events';
import { aGrant, ids, who } from './grant/grant.given';

const none = (subject: string): GrantEvent => ({ type: 'NoConflictDeclared', data: { subject } });
const conflict = (subject: string): GrantEvent => ({
  type: 'ConflictDeclared',
  data: { subject, kind: 'adviser', declaredBy: subject },
});
const after = (...events: GrantEvent[]) => fold(evolveConflicts, noConflicts, events);

describe('conflicts of interest', () => {
  it('are neither there nor cleared before anything is declared', () => {
    expect(after(...aGrant({ upTo: 'submitted' }))).toEqual(noConflicts);
  });

  it('are cleared by declaring that there is none', () => {
    const { cleared, conflicted } = after(...aGrant({ upTo: 'awarded' }));
    expect(cleared).toEqual(expect.arrayContaining([who.officer, ...who.approvers, ...who.reviewers]));
    expect(conflicted.size).toBe(0);
  });

  it('are for good: whoever has declared one is never cleared again, in whatever order', () => {
    const said = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean());
    fc.assert(
      fc.property(fc.array(said), (sayings) => {
        const state = after(...sayings.map(([subject, isNone]) => (isNone ? none(subject) : conflict(subject))));
        for (const subject of ['a', 'b', 'c']) {
          const ofSubject = sayings.filter(([by]) => by === subject);
          const declared = ofSubject.some(([, isNone]) => !isNone);
          expect(state.conflicted.has(subject)).toBe(declared);
          expect(state.cleared.filter((one) => one === subject)).toHaveLength(
            !declared && ofSubject.length > 0 ? 1 : 0,
          );
        }
      }),
    );
  });

  it('follow from being employed by an organisation with an interest of its own', () => {
    const conflicts = conflictsFrom(noConflicts, [ids.applicant, ids.donor]);
    expect(conflictOf({ subject: 'a', organisationIds: ['elsewhere', ids.donor] }, conflicts)).toEqual({
      kind: 'institutional',
      organisationId: ids.donor,
    });
    expect(conflictOf({ subject: 'a', organisationIds: ['elsewhere'] }, conflicts)).toBeUndefined();
  });

  it('are declared first of all, where there are two', () => {
    const conflicts = conflictsFrom(after(conflict('a')), [ids.donor]);
    expect(conflictOf({ subject: 'a', organisationIds: [ids.donor] }, conflicts)).toEqual({ kind: 'declared' });
  });

  it('are looked for at every employer, of the token and of the panel', () => {
    const panel = [
      { subject: 'a', organisationId: ids.donor },
      { subject: 'b', organisationId: 'other' },
      { subject: 'c' },
    ];
    expect(personOf({ subject: 'a', roles: [], organisationId: ids.applicant }, panel)).toEqual({
      subject: 'a',
      organisationIds: [ids.applicant, ids.donor].sort(),
    });
    expect(personOf({ subject: 'a', roles: [], organisationId: ids.donor }, panel).organisationIds).toEqual([
      ids.donor,
    ]);
    expect(personOf({ subject: 'c', roles: [] }, panel).organisationIds).toEqual([]);
  });
});
