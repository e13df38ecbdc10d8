import type { RecordedEvent } from '@alliance/event-sourcing';
import { factsToKeepAfter } from './assurance.policy';

const organisationId = '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d';
const structureId = '8e1f4d2f-7a1b-4c9f-8e63-1d7b2a3c4d5e';
const assuredAt = '2026-01-01T12:00:00.000Z';

function fact(type: string, data: object = {}, roles: readonly string[] = ['representative']): RecordedEvent {
  const streamName = /^(Organisation|Merge|Absorption)/.test(type)
    ? `registry.organisation-${organisationId}`
    : `registry.structure-${structureId}`;
  const metadata = { occurredAt: assuredAt, actor: { subject: 'someone', roles } };
  return { streamName, type, data, metadata } as unknown as RecordedEvent;
}

describe('the facts that are kept', () => {
  it('are those of an organisation from its admission on, which has verified them, until it leaves', () => {
    const owner = { recordType: 'organisation', organisationId };
    // Also where the admission was finished by the service itself.
    expect(factsToKeepAfter(fact('OrganisationAdmitted', {}, []))).toEqual([
      {
        type: 'KeepFacts',
        target: organisationId,
        data: { ...owner, kinds: ['identity', 'seat', 'fields'], assuredAt, role: 'coordinator' },
      },
    ]);
    expect(factsToKeepAfter(fact('OrganisationLeft'))).toEqual([
      { type: 'RetireFacts', target: organisationId, data: {} },
    ]);
    expect(factsToKeepAfter(fact('OrganisationSuspended'))).toEqual([]);
  });

  it('end with a merge, and begin anew with its undo, where they were kept before', () => {
    expect(factsToKeepAfter(fact('OrganisationMerged', { fromStage: 'admitted' }))).toEqual([
      { type: 'RetireFacts', target: organisationId, data: {} },
    ]);
    expect(factsToKeepAfter(fact('MergeUndone', { toStage: 'admitted' }, []))).toEqual(
      factsToKeepAfter(fact('OrganisationAdmitted', {}, [])),
    );
    expect(factsToKeepAfter(fact('OrganisationMerged', { fromStage: 'verified' }))).toEqual([]);
    expect(factsToKeepAfter(fact('MergeUndone', { toStage: 'verified' }))).toEqual([]);
  });

  it.each(['OrganisationAbsorbed', 'AbsorptionUndone'])('are looked at by a coordinator where %s', (type) => {
    const data = { kinds: ['identity', 'seat', 'fields'], assuredAt, role: 'coordinator' };
    expect(factsToKeepAfter(fact(type))).toEqual([{ type: 'RenewFacts', target: organisationId, data }]);
  });

  it('are those of a structure from its recording on, with its capacity if that was said, until it ends', () => {
    const owner = { recordType: 'structure', organisationId };
    const keep = (kinds: readonly string[], role: string) => ({
      type: 'KeepFacts',
      target: structureId,
      data: { ...owner, kinds, assuredAt, role },
    });
    expect(factsToKeepAfter(fact('StructureProposed', { organisationId }))).toEqual([]);
    expect(factsToKeepAfter(fact('StructureRecorded', { organisationId }))).toEqual([
      keep(['offer'], 'representative'),
    ]);
    expect(
      factsToKeepAfter(fact('StructureRecorded', { organisationId, capacity: { quantity: 3 } }, ['coordinator'])),
    ).toEqual([keep(['offer', 'capacity'], 'coordinator')]);
    expect(factsToKeepAfter(fact('StructureEnded'))).toEqual([{ type: 'RetireFacts', target: structureId, data: {} }]);
  });

  it.each([
    ['CapacityAssured', 'capacity'],
    ['StructureRevised', 'offer'],
    ['StructureConfirmed', 'offer'],
  ])('are assured anew by %s: %s', (type, kind) => {
    expect(factsToKeepAfter(fact(type))).toEqual([
      { type: 'RenewFacts', target: structureId, data: { kinds: [kind], assuredAt, role: 'representative' } },
    ]);
  });
});
