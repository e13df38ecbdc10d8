import { fold, given as givenEvents, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { organisation, type OrganisationCommand } from './organisation.decider';
import type { OrganisationEvent } from './organisation.events';
import {
  admissionDecided,
  admitted,
  applicationOf,
  applied,
  checks,
  context,
  organisationId,
  suspended,
  tafel,
  verified,
} from './organisation.given';
import { registrationsToHold } from './organisation-state';

const given = (...events: OrganisationEvent[]) => givenEvents(organisation.decider, events);
const verify = (subject: string, at?: string): OrganisationCommand => ({
  type: 'VerifyOrganisation',
  data: { checks },
  context: context(subject, at === undefined ? {} : { at }),
});
const decideAdmission = (subject: string): OrganisationCommand => ({
  type: 'DecideAdmission',
  data: {},
  context: context(subject),
});
const complete = (attempt: number): OrganisationCommand => ({
  type: 'CompleteAdmission',
  data: { attempt },
  context: context('coordinator-2'),
});
const block = (attempt: number): OrganisationCommand => ({
  type: 'BlockAdmission',
  data: { attempt, identifier: tafel.identifiers[0]!, heldBy: organisationId },
  context: context('coordinator-2'),
});
const blocked: OrganisationEvent = {
  type: 'AdmissionBlocked',
  data: { attempt: 1, identifier: tafel.identifiers[0]!, heldBy: organisationId },
};

describe('an application', () => {
  it('is recorded with who applied and the rule that held', () => {
    expect(given().when(applicationOf())).toEqual([applied]);
  });

  it('is recorded with its identifiers in one spelling and each once', () => {
    const spelt = [
      { scheme: 'vereinsregister' as const, court: 'Amtsgericht  München', number: 'vr015087' },
      { scheme: 'vereinsregister' as const, court: 'München', number: '15087' },
    ];
    expect(given().when(applicationOf({ identifiers: spelt }))).toEqual([applied]);
  });

  it.each([{ kind: 'private-person' as const }, { legalForm: 'Natürliche Person' }, { legalForm: ' Privatperson ' }])(
    'of a private person is refused with a code of its own, whatever else is wrong: %j',
    (facts) => {
      const identifiers = [{ scheme: 'lei' as const, number: 'nonsense' }];
      expect(given().when(applicationOf({ ...facts, operatingSince: '2099-01-01', identifiers }))).toMatchObject({
        refused: 'unprocessable',
        code: 'ORGANISATION_PRIVATE_PERSON',
      });
    },
  );

  it('is refused one day before the months of operation are full, and taken on the day', () => {
    expect(given().when(applicationOf({ operatingSince: '2025-03-02' }))).toMatchObject({
      refused: 'unprocessable',
      code: 'ORGANISATION_TOO_YOUNG',
      data: { operatingSince: '2025-03-02', minimumOperatingMonths: 12, oldEnoughOn: '2026-03-02' },
    });
    expect(isRefusal(given().when(applicationOf({ operatingSince: '2025-03-01' })))).toBe(false);
  });

  it('of a young organisation is taken with proof of being sustainably set up', () => {
    const sustainablySetUp = { kind: 'statutes' as const, reference: 'Statutes of 2026-01-10', issuedOn: '2026-01-10' };
    const decision = given().when(applicationOf({ operatingSince: '2026-01-10' }, { sustainablySetUp }));
    expect(decision).toMatchObject([{ type: 'MembershipAppliedFor', data: { sustainablySetUp } }]);
  });

  it('is judged by the rule that comes with the command, for any number of months', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2500 }), (months, daysAgo) => {
        const operatingSince = new Date(Date.UTC(2026, 2, 1 - daysAgo)).toISOString().slice(0, 10);
        // The first of March has no shorter month before it: full months ago is the same day of an earlier month.
        const limit = new Date(Date.UTC(2026, 2 - months, 1)).toISOString().slice(0, 10);
        const decision = given().when(applicationOf({ operatingSince }, { minimumOperatingMonths: months }));
        expect(isRefusal(decision)).toBe(operatingSince > limit);
      }),
    );
  });

  it.each(['2026-03-02', '2023-02-29', '2099-12-31'])('is refused when it operates since %s', (operatingSince) => {
    expect(given().when(applicationOf({ operatingSince }))).toMatchObject({ code: 'ORGANISATION_NOT_YET_OPERATING' });
  });

  it('is refused with every fault of its identifiers at once', () => {
    const identifiers = [
      { scheme: 'vereinsregister' as const, number: 'VR 1' },
      { scheme: 'lei' as const, number: '529900T8BM49AURSDO56' },
      { scheme: 'vereinsregister' as const, court: 'Köln', number: 'VR 7' },
      { scheme: 'ags' as const, number: '09162000' },
    ];
    const decision = given().when(applicationOf({ identifiers }));
    expect(decision).toMatchObject({
      code: 'ORGANISATION_IDENTIFIER_INVALID',
      data: { faults: [{ index: 0 }, { index: 1 }, { index: 3 }] },
    });
  });

  it('lets a public body be identified by its AGS', () => {
    const identifiers = [{ scheme: 'ags' as const, number: '09162000' }];
    const decision = given().when(applicationOf({ kind: 'public-body', identifiers }));
    expect(decision).toMatchObject([{ data: { facts: { identifiers } } }]);
  });

  it('names the organisation that it belongs to, which is another one', () => {
    const parentOrganisationId = '22222222-2222-4222-8222-222222222222';
    expect(given().when(applicationOf({ parentOrganisationId }))).toMatchObject([
      { data: { facts: { parentOrganisationId } } },
    ]);
    expect(given().when(applicationOf({ parentOrganisationId: organisationId }))).toMatchObject({
      refused: 'unprocessable',
      code: 'ORGANISATION_PARENT_ITSELF',
      data: { field: 'parentOrganisationId' },
    });
  });

  it('comes once', () => {
    expect(given(applied).when(applicationOf())).toMatchObject({ code: 'ORGANISATION_ALREADY_APPLIED' });
  });
});

describe('information', () => {
  const asked: OrganisationEvent = { type: 'InformationRequested', data: { question: 'Which court?' } };
  const provide = (subject: string, more: { organisationId?: string } = {}): OrganisationCommand => ({
    type: 'ProvideInformation',
    data: { answer: 'See the extract.', identifiers: [{ scheme: 'vereinsregister', court: 'Köln', number: '7' }] },
    context: context(subject, more),
  });

  it('is requested of an applicant and brings the organisation back to be verified with corrected identifiers', () => {
    const request: OrganisationCommand = {
      type: 'RequestInformation',
      data: { question: 'Which court?' },
      context: context('coordinator-1'),
    };
    expect(given(applied).when(request)).toEqual([asked]);
    expect(given(applied, verified, admissionDecided, blocked).when(request)).toEqual([asked]);
    const provided = given(applied, asked).when(provide('representative-1'));
    expect(provided).toMatchObject([{ type: 'InformationProvided', data: { identifiers: [{ number: 'VR 7' }] } }]);
    const state = fold(organisation.decider.evolve, organisation.decider.initialState, [
      applied,
      asked,
      ...(provided as OrganisationEvent[]),
    ]);
    expect(state).toMatchObject({ stage: 'applied', facts: { identifiers: [{ court: 'Köln', number: 'VR 7' }] } });
  });

  it('is provided by the applicant, by who represents the organisation, or by a coordinator; by no one else', () => {
    expect(isRefusal(given(applied, asked).when(provide('representative-2', { organisationId })))).toBe(false);
    expect(isRefusal(given(applied, asked).when(provide('coordinator-1')))).toBe(false);
    expect(given(applied, asked).when(provide('representative-2'))).toMatchObject({
      refused: 'forbidden',
      code: 'ORGANISATION_NOT_YOURS',
    });
  });
});

describe('verification', () => {
  it('records who checked what on which evidence', () => {
    expect(given(applied).when(verify('coordinator-1'))).toEqual([verified]);
  });

  it('is not done by the applicant', () => {
    expect(given(applied).when(verify('representative-1'))).toMatchObject({
      refused: 'forbidden',
      code: 'ORGANISATION_DECIDED_BY_APPLICANT',
    });
  });

  it('does not rest on evidence of a day to come', () => {
    expect(given(applied).when(verify('coordinator-1', '2026-02-19T23:59:59Z'))).toMatchObject({
      code: 'ORGANISATION_EVIDENCE_MISDATED',
    });
  });

  it('waits for requested information', () => {
    const asked: OrganisationEvent = { type: 'InformationRequested', data: { question: 'Which court?' } };
    expect(given(applied, asked).when(verify('coordinator-1'))).toMatchObject({
      refused: 'conflict',
      code: 'ORGANISATION_WRONG_STAGE',
      data: { stage: 'information-requested', needed: ['applied'] },
    });
  });
});

describe('admission', () => {
  it('is decided for the verified only, and not by the applicant', () => {
    expect(given(applied).when(decideAdmission('coordinator-2'))).toMatchObject({ code: 'ORGANISATION_WRONG_STAGE' });
    expect(given(applied, verified).when(decideAdmission('representative-1'))).toMatchObject({
      code: 'ORGANISATION_DECIDED_BY_APPLICANT',
    });
    expect(given(applied, verified).when(decideAdmission('coordinator-2'))).toEqual([admissionDecided]);
    expect(given(applied, verified, admissionDecided, admitted).when(decideAdmission('coordinator-2'))).toEqual([]);
  });

  it('is complete when the attempt still runs, and carries the facts', () => {
    expect(given(applied, verified, admissionDecided).when(complete(1))).toEqual([admitted]);
  });

  it('ends once: what comes second changes nothing', () => {
    expect(given(applied, verified, admissionDecided, admitted).when(block(1))).toEqual([]);
    expect(given(applied, verified, admissionDecided, blocked).when(complete(1))).toEqual([]);
    expect(given(applied, verified, admissionDecided).when(complete(2))).toEqual([]);
  });

  it('that was blocked can be tried again, as a new attempt', () => {
    expect(given(applied, verified, admissionDecided, blocked).when(decideAdmission('coordinator-2'))).toEqual([
      { type: 'AdmissionDecided', data: { attempt: 2, decidedBy: 'coordinator-2' } },
    ]);
  });
});

describe('a member', () => {
  const member = [applied, verified, admissionDecided, admitted];
  const command = (type: 'SuspendOrganisation' | 'LeaveAlliance', subject = 'coordinator-1'): OrganisationCommand => ({
    type,
    data: { reasonCode: 'report-overdue' },
    context: context(subject),
  });
  const reinstate: OrganisationCommand = {
    type: 'ReinstateOrganisation',
    data: {},
    context: context('coordinator-1'),
  };

  it('is suspended and reinstated, each once', () => {
    expect(given(...member).when(command('SuspendOrganisation'))).toEqual([suspended]);
    expect(given(...member, suspended).when(command('SuspendOrganisation'))).toEqual([]);
    expect(given(...member, suspended).when(reinstate)).toEqual([{ type: 'OrganisationReinstated', data: {} }]);
    expect(given(...member).when(reinstate)).toEqual([]);
    expect(given(applied).when(command('SuspendOrganisation'))).toMatchObject({ code: 'ORGANISATION_WRONG_STAGE' });
  });

  it('leaves on the word of its own representative, not of another', () => {
    expect(given(...member).when(command('LeaveAlliance', 'representative-1'))).toMatchObject([
      { type: 'OrganisationLeft' },
    ]);
    expect(given(...member).when(command('LeaveAlliance', 'representative-2'))).toMatchObject({
      code: 'ORGANISATION_NOT_YOURS',
    });
  });

  it('cannot be refused any more', () => {
    const refuseIt: OrganisationCommand = {
      type: 'RefuseMembership',
      data: { reasonCode: 'out-of-scope' },
      context: context('coordinator-1'),
    };
    expect(given(...member).when(refuseIt)).toMatchObject({ code: 'ORGANISATION_WRONG_STAGE' });
    expect(given(applied, verified).when(refuseIt)).toMatchObject([{ type: 'MembershipRefused' }]);
  });
});

describe('whatever is commanded in whatever order', () => {
  const someCommand = fc.oneof(
    fc.constant(applicationOf()),
    fc.constant(verify('coordinator-1')),
    fc.constant(decideAdmission('coordinator-2')),
    fc.nat(3).map(complete),
    fc.nat(3).map(block),
    fc
      .constantFrom(
        'RequestInformation',
        'ProvideInformation',
        'RefuseMembership',
        'SuspendOrganisation',
        'ReinstateOrganisation',
        'LeaveAlliance',
      )
      .map(
        (type) =>
          ({
            type,
            data: { question: 'Which?', answer: 'That.', reasonCode: 'other' },
            context: context('coordinator-1'),
          }) as OrganisationCommand,
      ),
  );

  it('every accepted event can be folded, the same command again adds no second ending, members were verified', () => {
    fc.assert(
      fc.property(fc.array(someCommand, { maxLength: 40 }), (commands) => {
        const { decide, evolve, initialState } = organisation.decider;
        let state = initialState;
        const history: string[] = [];
        for (const command of commands) {
          const decision = decide(command, state);
          if (isRefusal(decision)) continue;
          state = fold(evolve, state, decision);
          history.push(...decision.map(({ type }) => type));
          if (state.stage === 'admitted') {
            expect(history.lastIndexOf('OrganisationVerified')).toBeGreaterThan(
              history.lastIndexOf('InformationProvided'),
            );
          }
          const holds = ['admitting', 'admitted', 'suspended'].includes(state.stage);
          expect(registrationsToHold(state).size > 0).toBe(holds);
        }
        const endings = history.filter((type) => type === 'AdmissionBlocked' || type === 'OrganisationAdmitted');
        expect(endings.length).toBeLessThanOrEqual(history.filter((type) => type === 'AdmissionDecided').length);
      }),
    );
  });

  it('nothing but an application is possible where nobody has applied', () => {
    expect(given().when(verify('coordinator-1'))).toMatchObject({
      refused: 'not-found',
      code: 'ORGANISATION_UNKNOWN',
    });
  });
});
