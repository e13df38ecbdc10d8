import { given } from '@alliance/event-sourcing';
import { Value } from '@sinclair/typebox/value';
import { type ApplicationCommand, grantApplication } from './application.decider';
import type { Application } from './application.events';
import type { OutsideFacts } from './eligibility-state';
import { type GrantEvent, grantEvents } from './grant.events';
import { aGrant, context, eligible, euros, ids, theApplication, theCall, who } from './grant.given';

const { decider } = grantApplication;
type DataOf<T extends ApplicationCommand['type']> = Extract<ApplicationCommand, { type: T }>['data'];

const inWindow = '2026-02-01T10:00:00.000Z';
const theirs = context(who.representative, ids.applicant, inWindow);
const checker = context(who.checker, undefined, inWindow);
const recipient = { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' } as const;
const outside: OutsideFacts = {
  callIsClosed: false,
  recipient,
  structure: { ownerId: ids.applicant, hasEnded: false },
  structures: eligible.structures,
  doubleFunding: [],
};
const independence = { panel: [], interestedOrganisationIds: [ids.applicant, ids.donor] };

const drafting = (more: Partial<DataOf<'DraftGrant'>> = {}, by = theirs): ApplicationCommand => ({
  type: 'DraftGrant',
  data: {
    callId: ids.call,
    call: { potId: ids.pot, facts: theCall },
    applicantOrganisationId: ids.applicant,
    applicantIsKnown: true,
    namesPerson: false,
    recipient,
    ...more,
  },
  context: by,
});
const revising = (more: Partial<Application> = {}, by = theirs, told = recipient): ApplicationCommand => ({
  type: 'ReviseApplication',
  data: { application: { ...theApplication, ...more }, recipient: told },
  context: by,
});
const submitting = (more: Partial<OutsideFacts> = {}, overlapReason?: string, by = theirs): ApplicationCommand => ({
  type: 'SubmitApplication',
  data: { outside: { ...outside, ...more }, ...(overlapReason !== undefined && { overlapReason }) },
  context: by,
});
const asking = (items: readonly string[], note?: string, by = checker): ApplicationCommand => ({
  type: 'RequestInformation',
  data: { items, ...(note !== undefined && { note }), ...independence },
  context: by,
});
const checking = (more: Partial<DataOf<'PassFormalCheck'>> = {}, by = checker): ApplicationCommand => ({
  type: 'PassFormalCheck',
  data: { seenVersion: 1, outside, ...independence, ...more },
  context: by,
});
const withdrawing = (by = theirs): ApplicationCommand => ({
  type: 'Withdraw',
  data: { reasonCode: 'other-funds', recipient },
  context: by,
});

const [drafted] = aGrant({ upTo: 'drafted' });
if (drafted === undefined) throw new Error('The history begins with nothing.');
const written = aGrant({ upTo: 'drafted' });
const submitted = aGrant({ upTo: 'submitted' });
const asked: GrantEvent = { type: 'InformationRequested', data: { items: ['budget'], requestedBy: who.checker } };
const overlapping: OutsideFacts['structures'] = {
  ...eligible.structures,
  demands: 'consent',
  overlaps: [
    {
      structureId: ids.donor,
      name: 'Rechtsberatung Ukraine',
      organisationId: ids.donor,
      score: 0.8,
      terms: { field: 1, region: 1, targetGroup: 1, service: 0.8 },
    },
  ],
};
const line = (more: Partial<Application['lines'][number]>, at = 0): Partial<Application> => ({
  lines: theApplication.lines.map((one, index) => (index === at ? { ...one, ...more } : one)),
});

describe('drafting a grant', () => {
  it('copies what the call says into the grant', () => {
    expect(given(decider, []).when(drafting())).toEqual([
      {
        type: 'GrantDrafted',
        data: {
          callId: ids.call,
          potId: ids.pot,
          applicantOrganisationId: ids.applicant,
          currency: 'EUR',
          call: theCall,
          draftedBy: who.representative,
        },
      },
    ]);
  });

  it.each([
    [{ namesPerson: true }, 'unprocessable', 'RECIPIENT_IS_A_PERSON'],
    [{ applicantIsKnown: false }, 'unprocessable', 'GRANT_APPLICANT_UNKNOWN'],
    [{ call: undefined }, 'unprocessable', 'GRANT_CALL_UNKNOWN'],
    [
      { applicantOrganisationId: ids.donor, recipient: { ...recipient, survivorId: ids.donor } },
      'forbidden',
      'GRANT_NOT_YOURS',
    ],
  ])('refuses %j as %s %s', (more, refused, code) => {
    expect(given(decider, []).when(drafting(more))).toMatchObject({ refused, code });
  });

  it('is done by the organisation that survives a merge, too', () => {
    const merged = drafting({ applicantOrganisationId: ids.donor });
    expect(given(decider, []).when(merged)).toHaveLength(1);
  });
});

describe('writing the application', () => {
  it('replaces what was written before, and changes nothing when it says the same', () => {
    expect(given(decider, [drafted]).when(revising())).toEqual([
      { type: 'ApplicationRevised', data: { application: theApplication, revisedBy: who.representative } },
    ]);
    expect(given(decider, written).when(revising())).toEqual([]);
    expect(given(decider, [...submitted, asked]).when(revising({ title: 'Neu' }))).toHaveLength(1);
    expect(given(decider, submitted).when(revising({ title: 'Neu' }))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('is for the applicant, and for the record that survives it, by whichever of log and registry knows more', () => {
    const survivor = context('representative-9', ids.donor, inWindow);
    const since = '2026-01-31T00:00:00.000Z';
    expect(given(decider, written).when(revising({ title: 'Neu' }, survivor))).toMatchObject({
      refused: 'forbidden',
      code: 'GRANT_NOT_YOURS',
    });
    const told = { standing: 'admitted', survivorId: ids.donor, since } as never;
    expect(given(decider, written).when(revising({ title: 'Neu' }, survivor, told))).toHaveLength(1);
    const heard: GrantEvent = {
      type: 'RecipientStandingChanged',
      data: { organisationId: ids.applicant, standing: 'admitted', survivorId: ids.donor, since },
    };
    expect(given(decider, [...written, heard]).when(revising({ title: 'Neu' }, survivor))).toHaveLength(1);
  });

  it.each<[string, Partial<Application>, string, object]>([
    [
      'a project that ends before it begins',
      { projectFrom: '2027-01-01' },
      'DATES_OUT_OF_ORDER',
      { field: 'projectTo', from: '2027-01-01', to: '2026-12-31' },
    ],
    [
      'a line that ends before it begins',
      line({ from: '2026-06-02', to: '2026-06-01' }, 1),
      'DATES_OUT_OF_ORDER',
      { field: 'lines[1].to', from: '2026-06-02', to: '2026-06-01' },
    ],
    [
      'a line outside the project',
      line({ from: '2026-03-31' }),
      'GRANT_LINE_OUTSIDE_PROJECT',
      { fields: ['lines[0]'] },
    ],
    ['a line that the call does not have', line({ key: 'cars' }), 'GRANT_LINE_UNKNOWN', { fields: ['lines[0].key'] }],
    ['one key twice on the same days', line({ key: 'staff' }, 1), 'GRANT_LINE_REPEATED', { fields: ['lines[1]'] }],
    [
      'more requested than it costs',
      line({ requested: euros(12_001) }),
      'GRANT_LINE_REQUESTED_OVER_TOTAL',
      { fields: ['lines[0].requested'] },
    ],
    [
      'nothing requested',
      { lines: theApplication.lines.map((one) => ({ ...one, requested: euros(0) })) },
      'GRANT_NOTHING_REQUESTED',
      {},
    ],
    [
      'another currency than the pot',
      { otherIncome: [{ source: 'own-funds', amount: { cents: 1, currency: 'USD' } as never }] },
      'MONEY_CURRENCY_DIFFERS',
      { expected: 'EUR', given: 'USD' },
    ],
  ])('refuses %s', (_, more, code, data) => {
    expect(given(decider, [drafted]).when(revising(more))).toMatchObject({ refused: 'unprocessable', code, data });
  });

  it('takes one key for two periods that share no day', () => {
    const halves = [
      { ...theApplication.lines[0], to: '2026-06-30' },
      { ...theApplication.lines[0], from: '2026-07-01' },
    ] as Application['lines'];
    expect(given(decider, [drafted]).when(revising({ lines: halves }))).toHaveLength(1);
  });
});

describe('submitting the application', () => {
  it('records what is requested and by which facts it is eligible', () => {
    const [event] = given(decider, written).when(submitting()) as readonly GrantEvent[];
    expect(event).toEqual({
      type: 'ApplicationSubmitted',
      data: {
        version: 1,
        application: theApplication,
        requested: euros(12_000),
        eligibility: eligible,
        submittedBy: who.representative,
      },
    });
    expect(Value.Check(grantEvents.definitions.ApplicationSubmitted.schema, event?.data)).toBe(true);
  });

  it('is refused with every blocker, what others do later excepted', () => {
    const told = { ...recipient, standing: 'suspended' } as const;
    const decision = given(decider, [drafted]).when(submitting({ recipient: told, callIsClosed: true }));
    expect(decision).toMatchObject({
      refused: 'conflict',
      code: 'GRANT_NOT_ELIGIBLE',
      data: {
        blockers: [{ code: 'ORGANISATION_SUSPENDED' }, { code: 'CALL_CLOSED' }, { code: 'APPLICATION_INCOMPLETE' }],
      },
    });
  });

  it('goes on beside what overlaps for a reason, and leaves the consent to the formal check', () => {
    expect(given(decider, written).when(submitting({ structures: overlapping }))).toMatchObject({
      code: 'GRANT_NOT_ELIGIBLE',
      data: { blockers: [{ code: 'DOUBLE_STRUCTURE_REASON' }] },
    });
    const reasoned = given(decider, written).when(submitting({ structures: overlapping }, 'Andere Sprachen.'));
    expect(reasoned).toMatchObject([
      {
        data: { overlapReason: 'Andere Sprachen.', eligibility: { blockers: [{ code: 'DOUBLE_STRUCTURE_CONSENT' }] } },
      },
    ]);
  });

  it('is the next version after information was asked for, also when the call has closed meanwhile', () => {
    const late = context(who.representative, ids.applicant, theCall.closesAt);
    expect(given(decider, [...submitted, asked]).when(submitting({}, undefined, late))).toMatchObject([
      { data: { version: 2 } },
    ]);
    expect(given(decider, written).when(submitting({}, undefined, late))).toMatchObject({ code: 'GRANT_NOT_ELIGIBLE' });
    expect(given(decider, submitted).when(submitting())).toEqual([]);
  });

  it('goes by what the log knows of the applicant where the registry’s news is older', () => {
    const frozen: GrantEvent = {
      type: 'RecipientStandingChanged',
      data: { organisationId: ids.applicant, ...recipient, standing: 'suspended', since: '2026-01-31T00:00:00.000Z' },
    };
    expect(given(decider, [...written, frozen]).when(submitting())).toMatchObject({
      data: { blockers: [{ code: 'ORGANISATION_SUSPENDED' }] },
    });
  });
});

describe('the formal check', () => {
  it('is passed on the version that was seen', () => {
    expect(given(decider, submitted).when(checking())).toEqual([
      { type: 'FormalCheckPassed', data: { version: 1, eligibility: eligible, checkedBy: who.checker } },
    ]);
    expect(given(decider, submitted).when(checking({ seenVersion: 2 }))).toMatchObject({
      refused: 'outdated',
      code: 'GRANT_VERSION_OUTDATED',
      data: { seenVersion: 2, presentVersion: 1 },
    });
    expect(given(decider, aGrant({ upTo: 'in-review' })).when(checking())).toEqual([]);
  });

  it('asks for information instead, and the same items once', () => {
    expect(given(decider, submitted).when(asking(['budget'], 'Bitte mit Belegen.'))).toEqual([
      {
        type: 'InformationRequested',
        data: { items: ['budget'], note: 'Bitte mit Belegen.', requestedBy: who.checker },
      },
    ]);
    expect(given(decider, [...submitted, asked]).when(asking(['budget']))).toEqual([]);
    expect(given(decider, [...submitted, asked]).when(asking(['statutes']))).toHaveLength(1);
    expect(given(decider, [...submitted, asked]).when(checking())).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
    expect(given(decider, written).when(asking(['budget']))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it.each([who.draftsOnly, who.representative])('is not passed by %s, who drafted or submitted', (subject) => {
    const officer = { ...checker, actor: { subject, roles: ['fund-officer'] } };
    expect(given(decider, submitted).when(checking({}, officer))).toMatchObject({
      refused: 'forbidden',
      code: 'GRANT_CHECKED_BY_REQUESTER',
    });
  });

  it('is not done by who is conflicted, by word, by employer or by the panel', () => {
    const conflicted = { refused: 'forbidden', code: 'GRANT_CHECKER_CONFLICTED' };
    const declared: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: who.checker, kind: 'personal', declaredBy: who.checker },
    };
    expect(given(decider, [...submitted, declared]).when(checking())).toMatchObject(conflicted);
    expect(
      given(decider, submitted).when(asking(['budget'], undefined, context(who.checker, ids.donor))),
    ).toMatchObject(conflicted);
    const panel = [{ subject: who.checker, organisationId: ids.donor }];
    expect(given(decider, submitted).when(checking({ panel }))).toMatchObject(conflicted);
  });

  it('consents to what is much the same as the applicant has given a reason for, and to nothing that came since', () => {
    const [reasoned] = given(decider, written).when(
      submitting({ structures: overlapping }, 'Andere Sprachen.'),
    ) as readonly GrantEvent[];
    if (reasoned === undefined) throw new Error('It was not submitted.');
    const after = given(decider, [...written, reasoned]);
    const seen = { outside: { ...outside, structures: overlapping } };
    expect(after.when(checking(seen))).toMatchObject([{ data: { eligibility: { blockers: [] } } }]);
    const more = overlapping.overlaps.map((one) => ({ ...one, score: 0.9 }));
    const grown = { outside: { ...outside, structures: { ...overlapping, overlaps: more } } };
    expect(after.when(checking(grown))).toMatchObject({
      code: 'GRANT_NOT_ELIGIBLE',
      data: { blockers: [{ code: 'DOUBLE_STRUCTURE_REASON' }] },
    });
  });
});

describe('withdrawing', () => {
  it.each(['drafted', 'submitted', 'in-review', 'recommended'] as const)('is possible when it is %s', (upTo) => {
    expect(given(decider, aGrant({ upTo })).when(withdrawing())).toEqual([
      { type: 'GrantWithdrawn', data: { reasonCode: 'other-funds', withdrawnBy: who.representative } },
    ]);
  });

  it('gives the whole award back to the pot until the contract, and waits while the award is under way', () => {
    expect(given(decider, aGrant({ upTo: 'awarded' })).when(withdrawing())).toMatchObject([
      { type: 'GrantWithdrawn', data: { notPaidOut: euros(10_000) } },
    ]);
    expect(given(decider, aGrant({ upTo: 'awarding' })).when(withdrawing())).toMatchObject({
      code: 'GRANT_AWARD_UNDER_WAY',
    });
    const blocked: GrantEvent = {
      type: 'AwardBlocked',
      data: { attempt: 1, code: 'POT_INSUFFICIENT', detail: 'Too little is free.' },
    };
    expect(given(decider, [...aGrant({ upTo: 'awarding' }), blocked]).when(withdrawing())).toHaveLength(1);
  });

  it.each(['contracted', 'paid', 'closed'] as const)('is too late when it is %s', (upTo) => {
    expect(given(decider, aGrant({ upTo })).when(withdrawing())).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('happens once, by the applicant', () => {
    const withdrawn: GrantEvent = {
      type: 'GrantWithdrawn',
      data: { reasonCode: 'other-funds', withdrawnBy: who.representative },
    };
    expect(given(decider, [...submitted, withdrawn]).when(withdrawing())).toEqual([]);
    expect(given(decider, submitted).when(withdrawing(context(who.representative, ids.donor)))).toMatchObject({
      code: 'GRANT_NOT_YOURS',
    });
  });
});

it('does not know a grant that nobody has drafted', () => {
  expect(given(decider, []).when(withdrawing())).toMatchObject({ refused: 'not-found', code: 'GRANT_UNKNOWN' });
  expect(given(decider, written).when(drafting())).toMatchObject({ refused: 'conflict', code: 'GRANT_EXISTS' });
});
