import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type Region, type RegionImportEvent, regionImportEvents, type RegionSource } from './region.events';

export type RegionImportCommand =
  | Command<'ListRegions', { readonly regions: readonly Region[]; readonly listedBefore: number }>
  | Command<'AcceptRegionImport', { readonly source: RegionSource; readonly regions: number }>;

export interface RegionImportState {
  readonly stage: 'listing' | 'accepted';
  readonly listed: readonly Region[];
}

/** An import lists its regions piece by piece, in order, and is then accepted as a whole; each step may come twice. */
export const regionImport: Aggregate<RegionImportCommand, RegionImportState, RegionImportEvent> = {
  catalogue: regionImportEvents,
  decider: {
    initialState: { stage: 'listing', listed: [] },

    decide(command, state) {
      switch (command.type) {
        case 'ListRegions': {
          const { regions, listedBefore } = command.data;
          if (listedBefore < state.listed.length) return [];
          if (state.stage === 'accepted' || listedBefore > state.listed.length) return notThisImport();
          return [{ type: 'RegionsListed', data: { regions: [...regions] } }];
        }
        case 'AcceptRegionImport':
          if (command.data.regions !== state.listed.length) return notThisImport();
          if (state.stage === 'accepted') return [];
          return [{ type: 'RegionImportAccepted', data: command.data }];
        default:
          return command satisfies never;
      }
    },

    evolve(state, event) {
      switch (event.type) {
        case 'RegionsListed':
          return { stage: 'listing', listed: [...state.listed, ...event.data.regions] };
        case 'RegionImportAccepted':
          return { stage: 'accepted', listed: state.listed };
        default:
          return event satisfies never;
      }
    },
  },
};

function notThisImport() {
  return refuse(
    'conflict',
    'REGION_IMPORT_DIFFERS',
    'An import with this Idempotency-Key has begun with another file; send the same file or take another key.',
  );
}
