import type { RecordedEvent } from '@alliance/event-sourcing';
import { Value } from '@sinclair/typebox/value';
import { organisationContracts, publishOrganisation } from './organisation.contract';
import { type OrganisationEvent, organisationEvents } from './organisation.events';
import { admitted, applied, organisationId, suspended, tafel, verified } from './organisation.given';

const other = '55555555-5555-4555-8555-555555555555';

function recorded(event: OrganisationEvent): RecordedEvent {
  return {
    ...event,
    streamName: organisationEvents.category.streamName(organisationId),
    revision: 3n,
    position: { commit: 9n, prepare: 9n },
    metadata: {
      eventId: '33333333-3333-4333-8333-333333333333',
      commandId: '44444444-4444-4444-8444-444444444444',
      correlationId: 'spec',
      causationId: 'spec',
      actor: { subject: 'coordinator-1', roles: ['coordinator'] },
      occurredAt: '2026-03-01T10:00:00.000Z',
      schemaVersion: 1,
    },
  };
}

describe('what is published of an organisation', () => {
  it('begins with its admission', () => {
    expect(publishOrganisation(recorded(applied))).toBeUndefined();
    expect(publishOrganisation(recorded(verified))).toBeUndefined();
    expect(publishOrganisation(recorded(admitted))?.data).toEqual({
      organisationId,
      name: tafel.name,
      kind: 'civil-society',
      legalForm: 'e.V.',
      regionKey: '09162000',
      identifiers: tafel.identifiers,
      fieldKeys: ['basic-supplies'],
      admittedAt: '2026-03-01T10:00:00.000Z',
    });
  });

  it('says to which organisation it belongs', () => {
    const facts = { ...tafel, parentOrganisationId: other };
    const event: OrganisationEvent = { type: 'OrganisationAdmitted', data: { attempt: 1, organisationId, facts } };
    expect(publishOrganisation(recorded(event))?.data).toMatchObject({ parentOrganisationId: other });
  });

  it('says nothing of the merge of one that was never admitted', () => {
    const merged = { attempt: 1, intoOrganisationId: other, fromStage: 'verified' } as const;
    expect(publishOrganisation(recorded({ type: 'OrganisationMerged', data: merged }))).toBeUndefined();
    const undone = { attempt: 1, fromOrganisationId: other, toStage: 'verified' } as const;
    expect(publishOrganisation(recorded({ type: 'MergeUndone', data: undone }))).toBeUndefined();
  });

  it('satisfies its contracts and names no note and no actor', () => {
    const events: OrganisationEvent[] = [
      admitted,
      { ...suspended, data: { reasonCode: 'report-overdue', note: 'for the file only' } } as OrganisationEvent,
      { type: 'OrganisationReinstated', data: { note: 'for the file only' } },
      { type: 'OrganisationLeft', data: { reasonCode: 'dissolved' } },
      { type: 'OrganisationMerged', data: { attempt: 2, intoOrganisationId: other, fromStage: 'admitted' } },
      { type: 'MergeUndone', data: { attempt: 2, fromOrganisationId: other, toStage: 'admitted' } },
      {
        type: 'AbsorptionUndone',
        data: {
          ...{ organisationId: other, attempt: 2, facts: tafel, undoneBy: 'coordinator-1' },
          ...{ reasonCode: 'mistaken', note: 'for the file only' },
        },
      },
    ];
    const publications = events.map((event) => publishOrganisation(recorded(event)));
    expect(publications.map((published) => published?.contract)).toEqual(organisationContracts);
    for (const published of publications) {
      expect(Value.Check(published!.contract.schema, published!.data)).toBe(true);
      expect(JSON.stringify(published!.data)).not.toMatch(/for the file only|coordinator/);
    }
  });
});
