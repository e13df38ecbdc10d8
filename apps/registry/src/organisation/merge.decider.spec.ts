import { fold, given as givenEvents, isRefusal } from '@alliance/event-sourcing';
import { allFrom } from './merge.given';
import type { MergeCommand } from './merge.decider';
import { organisation } from './organisation.decider';
import type { FactsFrom, OrganisationEvent, OrganisationFacts } from './organisation.events';
import {
  admissionDecided,
  admitted,
  applied,
  context,
  organisationId,
  suspended,
  tafel,
  verified,
} from './organisation.given';

const other = '11111111-1111-4111-8111-111111111111';
const third = '22222222-2222-4222-8222-222222222222';
const payment = '33333333-3333-4333-8333-333333333333';
const member = [applied, verified, admissionDecided, admitted];

const given = (...events: OrganisationEvent[]) => givenEvents(organisation.decider, events);
const stateAfter = (...events: OrganisationEvent[]) =>
  fold(organisation.decider.evolve, organisation.decider.initialState, events);

const merge = (
  more: { into?: string; factsFrom?: FactsFrom; pendingPayments?: string[] } = {},
  subject = 'coordinator-1',
): MergeCommand => ({
  type: 'MergeIntoOrganisation',
  data: { into: other, factsFrom: allFrom('survivor'), pendingPayments: [], reasonCode: 'duplicate', ...more },
  context: context(subject),
});
const decided = (attempt: number): OrganisationEvent => ({
  type: 'MergeDecided',
  data: {
    attempt,
    intoOrganisationId: other,
    factsFrom: allFrom('survivor'),
    reasonCode: 'duplicate',
    decidedBy: 'coordinator-1',
  },
});
const merged = (attempt: number, fromStage: 'admitted' | 'verified' = 'admitted'): OrganisationEvent => ({
  type: 'OrganisationMerged',
  data: { attempt, intoOrganisationId: other, fromStage },
});

const twin: OrganisationFacts = {
  name: 'Tafel München',
  kind: 'civil-society',
  operatingSince: '1995-01-01',
  identifiers: [{ scheme: 'lei', number: '529900T8BM49AURSDO55' }, ...tafel.identifiers],
  fieldKeys: ['accommodation', 'basic-supplies'],
  website: 'https://tafel.example',
};
const absorb = (
  factsFrom: FactsFrom,
  more: {
    facts?: OrganisationFacts;
    organisationId?: string;
    taken?: { identifier: (typeof twin)['identifiers'][number]; heldBy: string };
  } = {},
): MergeCommand => ({
  type: 'AbsorbOrganisation',
  data: { organisationId: other, attempt: 2, facts: twin, factsFrom, ...more },
  context: context('coordinator-1'),
});
const undo = (pendingPayments: string[] = []): MergeCommand => ({
  type: 'UndoMerge',
  data: { organisationId: other, pendingPayments, reasonCode: 'mistaken' },
  context: context('coordinator-2'),
});

describe('an organisation that is to be merged into another one', () => {
  it('is reserved for it, with who decided, why, and where each fact comes from', () => {
    expect(given(...member).when(merge())).toEqual([decided(2)]);
    expect(given(applied).when(merge())).toEqual([decided(1)]);
  });

  it('can do nothing else until the other one has spoken', () => {
    for (const type of ['SuspendOrganisation', 'LeaveAlliance', 'ReinstateOrganisation', 'DecideAdmission'] as const) {
      const command = { type, data: { reasonCode: 'other' }, context: context('coordinator-1') };
      const decision = given(...member, decided(2)).when(command as never);
      expect(decision).toMatchObject({ code: 'ORGANISATION_WRONG_STAGE', data: { stage: 'merging' } });
    }
    expect(given(...member, decided(2)).when(merge({ into: third }))).toMatchObject({ data: { stage: 'merging' } });
    expect(given(...member, decided(2)).when(merge())).toEqual([]);
    expect(given(...member, decided(2)).when(merge({ factsFrom: allFrom('absorbed') }))).toMatchObject({
      code: 'ORGANISATION_WRONG_STAGE',
    });
  });

  it('is not merged while a payment of a grant is pending', () => {
    expect(given(...member).when(merge({ pendingPayments: [payment] }))).toMatchObject({
      refused: 'conflict',
      code: 'ORGANISATION_PAYMENT_PENDING',
      data: { pendingPayments: [payment] },
    });
  });

  it('is not merged into itself', () => {
    expect(given(...member).when(merge({ into: organisationId }))).toMatchObject({
      refused: 'unprocessable',
      code: 'ORGANISATION_MERGED_INTO_ITSELF',
    });
  });

  it('does not escape a suspension that way', () => {
    expect(given(...member, suspended).when(merge())).toMatchObject({
      code: 'ORGANISATION_WRONG_STAGE',
      data: { stage: 'suspended' },
    });
  });

  it('is, as an applicant, not merged by who has applied for it', () => {
    const byApplicant = merge({}, 'representative-1');
    expect(given(applied).when(byApplicant)).toMatchObject({ code: 'ORGANISATION_DECIDED_BY_APPLICANT' });
    expect(isRefusal(given(...member).when(byApplicant))).toBe(false);
  });

  it('is merged, or given back, once for each attempt', () => {
    const context_ = context('coordinator-1');
    const complete = (attempt: number): MergeCommand => ({
      type: 'CompleteMerge',
      data: { attempt },
      context: context_,
    });
    const block: MergeCommand = {
      type: 'BlockMerge',
      data: { attempt: 2, code: 'ORGANISATION_SURVIVOR_NOT_MEMBER', detail: 'It has left.' },
      context: context_,
    };
    const blocked: OrganisationEvent = {
      type: 'MergeBlocked',
      data: { attempt: 2, intoOrganisationId: other, code: 'ORGANISATION_SURVIVOR_NOT_MEMBER', detail: 'It has left.' },
    };
    expect(given(...member, decided(2)).when(complete(2))).toEqual([merged(2)]);
    expect(given(...member, decided(2)).when(block)).toEqual([blocked]);
    expect(given(...member, decided(2), merged(2)).when(block)).toEqual([]);
    expect(given(...member, decided(2), blocked).when(complete(2))).toEqual([]);
    expect(stateAfter(...member, decided(2), blocked)).toMatchObject({ stage: 'admitted', attempts: 2, facts: tafel });
  });

  it('comes back to the stage and the facts that it had', () => {
    const restore: MergeCommand = {
      type: 'RestoreOrganisation',
      data: { attempt: 1 },
      context: context('coordinator-2'),
    };
    const before = stateAfter(applied, verified);
    const restored = given(applied, verified, decided(1), merged(1, 'verified')).when(restore);
    expect(restored).toEqual([
      { type: 'MergeUndone', data: { attempt: 1, fromOrganisationId: other, toStage: 'verified' } },
    ]);
    const after = stateAfter(
      applied,
      verified,
      decided(1),
      merged(1, 'verified'),
      ...(restored as OrganisationEvent[]),
    );
    expect(after).toEqual({ ...before, attempts: 1, lastMerge: { into: other } });
  });
});

describe('the surviving organisation', () => {
  const absorbed = (factsFrom: FactsFrom): OrganisationEvent[] => given(...member).when(absorb(factsFrom)) as never;

  it('names its facts field by field', () => {
    const factsFrom = allFrom('survivor', {
      name: 'absorbed',
      legalForm: 'absorbed',
      website: 'absorbed',
      identifiers: 'both',
      fieldKeys: 'both',
    });
    const { legalForm: _, ...rest } = tafel;
    expect(absorbed(factsFrom)).toEqual([
      {
        type: 'OrganisationAbsorbed',
        data: {
          organisationId: other,
          attempt: 2,
          absorbedFacts: twin,
          factsFrom,
          facts: {
            ...rest,
            name: 'Tafel München',
            website: 'https://tafel.example',
            identifiers: [{ scheme: 'lei', number: '529900T8BM49AURSDO55' }, ...tafel.identifiers],
            fieldKeys: ['basic-supplies', 'accommodation'],
          },
        },
      },
    ]);
    expect(stateAfter(...member, ...absorbed(allFrom('survivor')))).toMatchObject({ facts: tafel });
    expect(stateAfter(...member, ...absorbed(allFrom('absorbed')))).toMatchObject({ facts: twin, ownFacts: tafel });
  });

  it('belongs to what the record that is chosen for it belongs to, but never to itself', () => {
    const branchOf = (parentOrganisationId: string): OrganisationEvent => ({
      type: 'MembershipAppliedFor',
      data: { ...applied.data, facts: { ...tafel, parentOrganisationId } } as never,
    });
    const branch = (parentOrganisationId: string) => [branchOf(parentOrganisationId), ...member.slice(1)];
    const parentAfter = (events: OrganisationEvent[], from: 'survivor' | 'absorbed', parentOfOther?: string) => {
      const facts = { ...twin, ...(parentOfOther && { parentOrganisationId: parentOfOther }) };
      const choice = allFrom('survivor', { parentOrganisationId: from });
      const [event] = given(...events).when(absorb(choice, { facts })) as OrganisationEvent[];
      return event?.type === 'OrganisationAbsorbed' ? (event.data.facts.parentOrganisationId ?? 'none') : event?.type;
    };
    expect(parentAfter(branch(third), 'survivor')).toBe(third);
    expect(parentAfter(branch(third), 'absorbed')).toBe('none');
    expect(parentAfter(member, 'absorbed', third)).toBe(third);
    expect(parentAfter(branch(other), 'survivor')).toBe('none');
    expect(parentAfter(member, 'absorbed', organisationId)).toBe('none');

    const umbrella = branch(other);
    const events = [...umbrella, ...(given(...umbrella).when(absorb(allFrom('survivor'))) as OrganisationEvent[])];
    expect(given(...events).when(undo())).toMatchObject([{ data: { facts: { parentOrganisationId: other } } }]);
  });

  it('is a member; what forbids it is recorded, so that it holds for every run of the process', () => {
    const left: OrganisationEvent = { type: 'OrganisationLeft', data: {} };
    for (const events of [[applied], [...member, left], [...member, decided(2)], [...member, decided(2), merged(2)]]) {
      expect(given(...events).when(absorb(allFrom('survivor')))).toMatchObject([
        { type: 'AbsorptionDeclined', data: { code: 'ORGANISATION_SURVIVOR_NOT_MEMBER' } },
      ]);
    }
    expect(given(...member, suspended).when(absorb(allFrom('survivor')))).toMatchObject([
      { type: 'OrganisationAbsorbed' },
    ]);
  });

  it('takes no identifier of a third, no record that is too large, and no AGS for what is no public body', () => {
    const taken = { identifier: twin.identifiers[0]!, heldBy: third };
    expect(given(...member).when(absorb(allFrom('survivor', { identifiers: 'both' }), { taken }))).toMatchObject([
      { type: 'AbsorptionDeclined', data: { code: 'ORGANISATION_IDENTIFIER_TAKEN' } },
    ]);
    const fieldKeys = Array.from({ length: 50 }, (_, index) => `field-${'a'.repeat(index + 1)}`);
    const large = absorb(allFrom('survivor', { fieldKeys: 'both' }), { facts: { ...twin, fieldKeys } });
    expect(given(...member).when(large)).toMatchObject([
      { type: 'AbsorptionDeclined', data: { code: 'ORGANISATION_RECORD_TOO_LARGE' } },
    ]);
    const town = {
      ...twin,
      kind: 'public-body' as const,
      identifiers: [{ scheme: 'ags' as const, number: '09162000' }],
    };
    expect(given(...member).when(absorb(allFrom('survivor', { identifiers: 'both' }), { facts: town }))).toMatchObject([
      { type: 'AbsorptionDeclined', data: { code: 'ORGANISATION_IDENTIFIER_INVALID' } },
    ]);
  });

  it('gives back on an undo what it took, and keeps what happened to it since', () => {
    const events = [...member, ...absorbed(allFrom('absorbed')), suspended];
    const undone = given(...events).when(undo());
    expect(undone).toEqual([
      {
        type: 'AbsorptionUndone',
        data: { organisationId: other, attempt: 2, facts: tafel, reasonCode: 'mistaken', undoneBy: 'coordinator-2' },
      },
    ]);
    expect(stateAfter(...events, ...(undone as OrganisationEvent[]))).toMatchObject({
      stage: 'suspended',
      facts: tafel,
      absorbed: [],
    });
  });

  it('keeps of several that it absorbed the facts of those that stay, in whatever order they go', () => {
    const first = absorbed(allFrom('survivor', { name: 'absorbed', website: 'absorbed' }));
    const of = { organisationId: third, facts: { ...twin, name: 'Die Münchner Tafel' } };
    const second = given(...member, ...first).when(absorb(allFrom('survivor', { name: 'absorbed' }), of));
    const both = [...member, ...first, ...(second as OrganisationEvent[])];
    expect(stateAfter(...both)).toMatchObject({
      facts: { name: 'Die Münchner Tafel', website: 'https://tafel.example' },
    });
    const withoutFirst = [...both, ...(given(...both).when(undo()) as OrganisationEvent[])];
    expect(stateAfter(...withoutFirst)).toMatchObject({ facts: { ...tafel, name: 'Die Münchner Tafel' } });
    const { data, ...rest } = undo() as Extract<MergeCommand, { type: 'UndoMerge' }>;
    const last = given(...withoutFirst).when({ ...rest, data: { ...data, organisationId: third } });
    expect(last).toMatchObject([{ data: { facts: tafel } }]);
  });

  it('lets nothing be undone that is not merged, nor while a payment is pending, nor after it has gone itself', () => {
    const events = [...member, ...absorbed(allFrom('survivor'))];
    expect(given(...member).when(undo())).toMatchObject({ code: 'ORGANISATION_NOT_MERGED' });
    expect(given(...events).when(undo([payment]))).toMatchObject({ code: 'ORGANISATION_PAYMENT_PENDING' });
    const into = {
      ...decided(2),
      data: { ...decided(2).data, intoOrganisationId: third },
    } as OrganisationEvent;
    const away = {
      ...merged(2),
      data: { ...merged(2).data, intoOrganisationId: third },
    } as OrganisationEvent;
    expect(given(...events, into, away).when(undo())).toMatchObject({
      code: 'ORGANISATION_SURVIVOR_NOT_MEMBER',
      data: { stage: 'merged', mergedInto: third },
    });
    expect(given(...events, { type: 'OrganisationLeft', data: {} }).when(undo())).toMatchObject({
      code: 'ORGANISATION_SURVIVOR_NOT_MEMBER',
      data: { stage: 'left' },
    });
  });
});
