import { dayBefore } from '@alliance/calendar';
import { areSame, continued } from './region.decider';
import type { Region } from './region.events';
import type { ListedRegions } from './region-list';

export const regionChangeKinds = [
  'added',
  'ended',
  'renamed',
  'levels',
  'parent',
  'population',
  'validity',
  'successors',
] as const;
export type RegionChangeKind = (typeof regionChangeKinds)[number];

/** What an import would change of one region. */
export interface RegionChange {
  readonly key: string;
  readonly kinds: readonly RegionChangeKind[];
  readonly before?: Region;
  readonly after: Region;
}

/**
 * What recording the list would change, by key. A complete list (one that states a day) also ends, on the day before,
 * the regions it leaves out of the Länder it lists: an official file knows no ended regions. Regions that came after that
 * day stay, as the file cannot know them.
 */
export function regionChanges(list: ListedRegions, recorded: ReadonlyMap<string, Region>): readonly RegionChange[] {
  const listed = list.regions.map((now) => {
    const before = recorded.get(now.key);
    return changeOf(before, before === undefined ? now : continued(before, now));
  });
  const ended = leftOut(list, recorded).map(({ region, validTo }) => changeOf(region, { ...region, validTo }));
  return [...listed, ...ended].filter(({ kinds }) => kinds.length > 0).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function leftOut({ regions, statedOn }: ListedRegions, recorded: ReadonlyMap<string, Region>) {
  if (statedOn === undefined) return [];
  const listed = new Set(regions.map(({ key }) => key));
  const laender = new Set(regions.filter(({ levels }) => levels.includes('land')).map(({ key }) => key.slice(0, 2)));
  const lastDay = dayBefore(statedOn);
  return [...recorded.values()]
    .filter(({ key, validFrom, validTo }) => {
      return validTo === undefined && validFrom <= statedOn && laender.has(key.slice(0, 2)) && !listed.has(key);
    })
    .map((region) => ({ region, validTo: lastDay > region.validFrom ? lastDay : region.validFrom }));
}

function changeOf(before: Region | undefined, after: Region): RegionChange {
  const { key } = after;
  if (before === undefined) return { key, kinds: ['added'], after };
  if (areSame(before, after)) return { key, kinds: [], before, after };
  const isEnded = before.validTo === undefined && after.validTo !== undefined;
  const lists = (some: readonly string[] | undefined) => [...(some ?? [])].sort().join();
  const differs: Readonly<Record<RegionChangeKind, boolean>> = {
    added: false,
    ended: isEnded,
    renamed: before.name !== after.name,
    levels: lists(before.levels) !== lists(after.levels),
    parent: before.parentKey !== after.parentKey,
    population: before.population !== after.population,
    validity: before.validFrom !== after.validFrom || (!isEnded && before.validTo !== after.validTo),
    successors: lists(before.successorKeys) !== lists(after.successorKeys),
  };
  return { key, kinds: regionChangeKinds.filter((kind) => differs[kind]), before, after };
}
