import type { Actor } from '@alliance/event-sourcing';
import { accessTo } from './content-access';
import { conflictsFrom, type ConflictState, personOf } from './conflicts';
import { ids } from './grant/grant.given';

const somebody = 'somebody';
const undeclared: ConflictState = { cleared: [], conflicted: new Map() };
const cleared: ConflictState = { cleared: [somebody], conflicted: new Map() };
const conflicted: ConflictState = { cleared: [], conflicted: new Map([[somebody, 'personal']]) };

/** What somebody with these roles sees of a grant whose applicant and whose donor have an interest of their own. */
function access(roles: readonly string[], declared: ConflictState, organisationId?: string, employerByPanel?: string) {
  const actor: Actor = { subject: somebody, roles, ...(organisationId !== undefined && { organisationId }) };
  const panel = employerByPanel === undefined ? [] : [{ subject: somebody, organisationId: employerByPanel }];
  return accessTo(actor, personOf(actor, panel), {
    conflicts: conflictsFrom(declared, [ids.applicant, ids.donor]),
    applicantIds: [ids.applicant],
  });
}

describe('conflict of interest before content: an undeclared reviewer sees number, title and applicant only', () => {
  it.each(['reviewer', 'approver'])('shows a %s the content after they declared to have none', (role) => {
    expect(access([role], undeclared)).toBe('outline');
    expect(access([role], cleared)).toBe('content');
    expect(access([role], conflicted)).toBe('outline');
  });

  it.each(['fund-officer', 'coordinator'])('shows a %s the content unless they have one', (role) => {
    expect(access([role], undeclared)).toBe('content');
    expect(access([role], conflicted)).toBe('outline');
    expect(access([role], undeclared, ids.donor)).toBe('outline');
  });

  it('takes the employer of the token and that of the panel for a conflict, whatever is declared', () => {
    expect(access(['reviewer'], cleared, ids.donor)).toBe('outline');
    expect(access(['reviewer'], cleared, undefined, ids.applicant)).toBe('outline');
  });

  it('shows a representative what is their own, and of others nothing', () => {
    expect(access(['representative'], undeclared, ids.applicant)).toBe('own');
    expect(access(['representative'], undeclared, ids.donor)).toBe('nothing');
    expect(access(['representative'], undeclared)).toBe('nothing');
    expect(access(['representative'], undeclared, undefined, ids.applicant)).toBe('nothing');
  });

  it('never shows reviews to the applicant, not even to one who reviews for others', () => {
    expect(access(['representative', 'reviewer'], cleared, ids.applicant)).toBe('own');
  });

  it.each(['fund-officer', 'coordinator', 'reviewer', 'approver'])(
    'shows an auditor who is a %s, too, nothing that they have a conflict of interest in',
    (role) => {
      expect(access(['auditor', role], conflicted)).toBe('outline');
      expect(access(['auditor', role], cleared, ids.donor)).toBe('outline');
      expect(access(['auditor', role], cleared)).toBe('content');
      expect(access(['auditor', role], undeclared)).toBe(access([role], undeclared));
    },
  );

  it('shows auditors everything, and who has no part in the fund nothing', () => {
    expect(access(['auditor'], conflicted, ids.donor)).toBe('content');
    expect(access(['auditor', 'representative'], undeclared, ids.donor)).toBe('content');
    expect(access(['operator', 'analyst'], cleared)).toBe('nothing');
    expect(access([], cleared)).toBe('nothing');
  });
});
