import { type CommandContext, given } from '@alliance/event-sourcing';
import { region } from './region.decider';
import type { Region, RegionImportEvent, TerritoryEvent, TerritoryImport } from './region.events';
import { type ListRegions, regionImport } from './region-import.decider';
import { type AcceptRegionImport, territory } from './territory.decider';

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
    const stillThere = { ...munich, validFrom: '2026-01-20' };
    expect(given(region.decider, [recorded(ended)]).when(record(stillThere))).toEqual([recorded(munich)]);
  });
});

describe('an import of regions', () => {
  const listed: RegionImportEvent = { type: 'RegionsListed', data: { regions: [munich] } };
  const list = (listedBefore: number): ListRegions => ({
    type: 'ListRegions',
    data: { regions: [munich], listedBefore },
    context,
  });

  it('takes up where it was broken off', () => {
    expect(given(regionImport.decider, []).when(list(0))).toEqual([listed]);
    expect(given(regionImport.decider, [listed]).when(list(0))).toEqual([]);
    expect(given(regionImport.decider, [listed]).when(list(1))).toEqual([listed]);
    expect(given(regionImport.decider, []).when(list(1))).toMatchObject({ code: 'REGION_IMPORT_INCOMPLETE' });
  });
});

describe('the territory', () => {
  const [first, second, third] = ['1', '2', '3'].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
    string,
    string,
    string,
  ];
  const imported = (data: TerritoryImport): TerritoryEvent => ({ type: 'TerritoryImported', data });
  const accept = (data: TerritoryImport): AcceptRegionImport => ({ type: 'AcceptRegionImport', data, context });
  const shipped = { importId: first, source: 'shipped' as const, regions: 16 };
  const official = { importId: second, follows: first, source: 'gv100ad' as const, regions: 9, statedOn: '2026-09-30' };
  const after = (...events: TerritoryEvent[]) => given(territory.decider, events);

  it('is changed by one import after another, each knowing the one before', () => {
    expect(after().when(accept(shipped))).toEqual([imported(shipped)]);
    expect(after(imported(shipped)).when(accept(official))).toEqual([imported(official)]);
    expect(after(imported(shipped), imported(official)).when(accept(official))).toEqual([]);
    const other = { ...official, importId: third };
    expect(after(imported(shipped), imported(official)).when(accept(other))).toMatchObject({
      refused: 'conflict',
      code: 'REGIONS_CHANGED_MEANWHILE',
    });
    expect(after(imported(shipped)).when(accept({ ...shipped, importId: third }))).toMatchObject({
      code: 'REGIONS_CHANGED_MEANWHILE',
    });
  });

  it('does not go back behind an official file of a later day', () => {
    const again = { ...official, importId: third, follows: second };
    const recorded = after(imported(shipped), imported(official));
    expect(recorded.when(accept(again))).toEqual([imported(again)]);
    expect(recorded.when(accept({ ...again, statedOn: '2026-08-31' }))).toMatchObject({
      code: 'REGION_FILE_OUTDATED',
      data: { statedOn: '2026-08-31', recordedOn: '2026-09-30' },
    });
    const csv = { importId: third, follows: second, source: 'csv' as const, regions: 1 };
    expect(recorded.when(accept(csv))).toEqual([imported(csv)]);
  });
});
