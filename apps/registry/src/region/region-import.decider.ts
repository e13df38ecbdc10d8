import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type Region, type RegionImportEvent, regionImportEvents } from './region.events';

export type ListRegions = Command<
  'ListRegions',
  { readonly regions: readonly Region[]; readonly listedBefore: number }
>;

export interface RegionImportState {
  readonly listed: readonly Region[];
}

/** An import lists its regions piece by piece, in order; each piece may come twice. */
export const regionImport: Aggregate<ListRegions, RegionImportState, RegionImportEvent> = {
  catalogue: regionImportEvents,
  decider: {
    initialState: { listed: [] },

    decide(command, state) {
      const { regions, listedBefore } = command.data;
      if (listedBefore < state.listed.length) return [];
      if (listedBefore > state.listed.length) {
        return refuse('conflict', 'REGION_IMPORT_INCOMPLETE', 'The pieces before this one are missing.');
      }
      return [{ type: 'RegionsListed', data: { regions: [...regions] } }];
    },

    evolve(state, event) {
      switch (event.type) {
        case 'RegionsListed':
          return { listed: [...state.listed, ...event.data.regions] };
        case 'RegionImportAccepted':
          return state;
        default:
          return event satisfies never;
      }
    },
  },
};
