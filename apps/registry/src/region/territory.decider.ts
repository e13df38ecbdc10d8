import { type Aggregate, type Command, refuse } from '@alliance/event-sourcing';
import { type TerritoryEvent, territoryEvents, type TerritoryImport } from './region.events';

export type AcceptRegionImport = Command<'AcceptRegionImport', TerritoryImport>;

export interface TerritoryState {
  readonly imports: readonly TerritoryImport[];
}

/** Imports change the regions one after another, each knowing the one before. */
export const territory: Aggregate<AcceptRegionImport, TerritoryState, TerritoryEvent> = {
  catalogue: territoryEvents,
  decider: {
    initialState: { imports: [] },

    decide(command, { imports }) {
      const { importId, follows, statedOn } = command.data;
      if (imports.some((known) => known.importId === importId)) return [];
      const newer = imports.find((known) => statedOn !== undefined && (known.statedOn ?? '') > statedOn);
      if (newer !== undefined) {
        const detail = `A file of a later day is recorded already (${newer.statedOn}); import a newer one.`;
        return refuse('conflict', 'REGION_FILE_OUTDATED', detail, { statedOn, recordedOn: newer.statedOn });
      }
      if (imports.at(-1)?.importId !== follows) {
        const detail = 'Other regions were imported meanwhile; ask for the changes again (dryRun=true).';
        return refuse('conflict', 'REGIONS_CHANGED_MEANWHILE', detail);
      }
      return [{ type: 'TerritoryImported', data: command.data }];
    },

    evolve: ({ imports }, event) => ({ imports: [...imports, event.data] }),
  },
};
