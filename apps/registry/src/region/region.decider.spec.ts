import { type CommandContext, given } from '@alliance/event-sourcing';
import { region } from './region.decider';
import type { Region, RegionImportEvent } from './region.events';
import { regionImport, type RegionImportCommand } from './region-import.decider';

const context: CommandContext = {
  commandId: '00000000-0000-4000-8000-000000000001',
  correlationId: 'spec',
  causationId: 'spec',
  actor: { subject: 'coordinator-1', roles: ['coordinator'] },
  at: '2026-03-01T10:00:00.000Z',
};
const munich: Region = {
  key: '09162000',
  name: 'München, Landeshauptstadt',
  levels: ['kreis', 'gemeinde'],
  parentKey: '09000000',
  population: 1_471_508,
  validFrom: '2026-01-01',
};
const recorded = (data: Region) => ({ type: 'RegionRecorded', data }) as const;
const record = (data: Region) => ({ type: 'RecordRegion', data, context }) as const;

describe('a region', () => {
  it('is recorded, and the same again changes nothing', () => {
    expect(given(region.decider, []).when(record(munich))).toEqual([recorded(munich)]);
    const sameInOtherOrder = { ...munich, levels: [...munich.levels].reverse() };
    expect(given(region.decider, [recorded(munich)]).when(record(sameInOtherOrder))).toEqual([]);
  });

  it('goes on being valid since it was first known when a newer file lists it', () => {
    expect(given(region.decider, [recorded(munich)]).when(record({ ...munich, validFrom: '2026-02-01' }))).toEqual([]);
    const grown = { ...munich, validFrom: '2026-02-01', population: 1_500_000 };
    expect(given(region.decider, [recorded(munich)]).when(record(grown))).toEqual([
      recorded({ ...grown, validFrom: '2026-01-01' }),
    ]);
  });

  it('begins anew when it had ended', () => {
    const ended = { ...munich, validTo: '2026-01-31', successorKeys: ['09184148'] };
    expect(given(region.decider, [recorded(munich)]).when(record(ended))).toEqual([recorded(ended)]);
    const again = { ...munich, validFrom: '2026-02-01' };
    expect(given(region.decider, [recorded(ended)]).when(record(again))).toEqual([recorded(again)]);
  });
});

describe('an import of regions', () => {
  const listed: RegionImportEvent = { type: 'RegionsListed', data: { regions: [munich] } };
  const accepted: RegionImportEvent = { type: 'RegionImportAccepted', data: { source: 'csv', regions: 1 } };
  const list = (listedBefore: number): RegionImportCommand => ({
    type: 'ListRegions',
    data: { regions: [munich], listedBefore },
    context,
  });
  const accept = (regions: number): RegionImportCommand => ({
    type: 'AcceptRegionImport',
    data: { source: 'csv', regions },
    context,
  });

  it('is accepted when all its regions are listed', () => {
    expect(given(regionImport.decider, []).when(list(0))).toEqual([listed]);
    expect(given(regionImport.decider, [listed]).when(accept(1))).toEqual([accepted]);
  });

  it('takes up where it was broken off', () => {
    expect(given(regionImport.decider, [listed]).when(list(0))).toEqual([]);
    expect(given(regionImport.decider, [listed]).when(list(1))).toEqual([listed]);
    expect(given(regionImport.decider, [listed, accepted]).when(list(0))).toEqual([]);
    expect(given(regionImport.decider, [listed, accepted]).when(accept(1))).toEqual([]);
  });

  it('is not accepted with pieces missing or of another file', () => {
    expect(given(regionImport.decider, [listed]).when(accept(2))).toMatchObject({ code: 'REGION_IMPORT_DIFFERS' });
    expect(given(regionImport.decider, []).when(list(1))).toMatchObject({ code: 'REGION_IMPORT_DIFFERS' });
    expect(given(regionImport.decider, [listed, accepted]).when(list(1))).toMatchObject({
      code: 'REGION_IMPORT_DIFFERS',
    });
  });
});
