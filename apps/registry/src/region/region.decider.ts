import type { Aggregate, Command } from '@alliance/event-sourcing';
import { type Region, type RegionEvent, regionEvents } from './region.events';

export type RecordRegion = Command<'RecordRegion', Region>;
export type RegionState = { readonly stage: 'none' } | { readonly stage: 'recorded'; readonly region: Region };

/** A region is what was last recorded of it; recording the same again changes nothing. */
export const region: Aggregate<RecordRegion, RegionState, RegionEvent> = {
  catalogue: regionEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      const recorded = state.stage === 'none' ? command.data : continued(state.region, command.data);
      if (state.stage === 'recorded' && areSame(state.region, recorded)) return [];
      return [{ type: 'RegionRecorded', data: recorded }];
    },

    evolve(_state, event) {
      return { stage: 'recorded', region: event.data };
    },
  },
};

/**
 * A file says that a region exists on a certain day, not since when. So a region goes on being valid since it was first
 * known; one that is listed for a day after its end begins anew.
 */
export function continued(before: Region, now: Region): Region {
  const isAnew = before.validTo !== undefined && now.validFrom > before.validTo;
  return isAnew || now.validFrom < before.validFrom ? now : { ...now, validFrom: before.validFrom };
}

export function areSame(a: Region, b: Region): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(it: Region): readonly unknown[] {
  const { key, name, levels, parentKey, population, validFrom, validTo, successorKeys = [] } = it;
  return [key, name, [...levels].sort(), parentKey, population, validFrom, validTo, [...successorKeys].sort()];
}
