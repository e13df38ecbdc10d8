import { Value } from '@sinclair/typebox/value';
import { publishStructure, structureContracts } from './structure.contract';
import type { StructureEvent } from './structure.events';
import {
  advice,
  confirmed,
  doubled,
  ended,
  inLog,
  organisationId,
  proposed,
  reason,
  recorded,
  structureId,
} from './structure.given';

const capacity = { quantity: 40, unit: 'places', assuredAt: '2026-03-01T10:00:00.000Z' };
const revision = { facts: advice, minimumOperatingMonths: 12, gate: doubled, reason, revisedBy: 'representative-1' };

describe('what is published of a structure', () => {
  it('begins when it is recorded, with all that tells who does what where, for whom', () => {
    expect(publishStructure(inLog(proposed))).toBeUndefined();
    const event = { ...recorded, data: { ...recorded.data, capacity } } as StructureEvent;
    expect(publishStructure(inLog(event))?.data).toEqual({
      structureId,
      organisationId,
      ...advice,
      capacity,
      recordedAt: '2026-03-01T10:00:00.000Z',
    });
  });

  it('satisfies its contracts and names no reason, no person, and nothing that is only proposed', () => {
    const events: StructureEvent[] = [
      { ...recorded, data: { ...recorded.data, gate: doubled, reason } } as StructureEvent,
      confirmed,
      { type: 'RevisionProposed', data: revision },
      { type: 'StructureRevised', data: { ...revision, consentedBy: 'coordinator-1' } },
      { type: 'ProposalWithdrawn', data: { reasonCode: 'joined-another' } },
      { type: 'CapacityAssured', data: { capacity } },
      ended,
    ];
    const publications = events.map((event) => publishStructure(inLog(event))).filter((each) => each !== undefined);
    expect(publications.map(({ contract }) => contract)).toEqual(structureContracts);
    for (const { contract, data } of publications) {
      expect(Value.Check(contract.schema, data)).toBe(true);
      expect(JSON.stringify(data)).not.toMatch(/tenancy|coordinator|representative/);
    }
  });
});
