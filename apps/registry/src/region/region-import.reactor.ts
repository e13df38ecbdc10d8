import { type CommandContext, isRefusal, type Refusal } from '@alliance/event-sourcing';
import { type Accepted, deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { piecesOf } from '../pieces';
import { region } from './region.decider';
import { type Region, regionImportEvents, TERRITORY, type TerritoryEvent, territoryEvents } from './region.events';
import { type ListRegions, regionImport } from './region-import.decider';
import { recordAfter, type RecordImportedRegions } from './region-import.policy';
import type { ListedRegions } from './region-list';
import { territory } from './territory.decider';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

/** Fills the log's group commit without taking it from others. */
const RECORDED_AT_A_TIME = 32;

/** Makes the regions of an import known to everyone, and gives each its history. */
export const regionImportReactor: Reactor<RecordImportedRegions> = {
  name: 'region-import',
  catalogues: [regionImportEvents, territoryEvents],
  policy: recordAfter,
  execute: ({ target }, context, commands) => recordRegions(commands, target, context),
};

/**
 * Lists the regions piece by piece and then accepts them as a whole, after the import they follow. The same import again
 * takes up where it stopped; under one id come always the same regions.
 */
export async function importRegions(
  commands: Commands,
  {
    importId,
    follows,
    source,
    regions,
    statedOn,
  }: ListedRegions & { readonly importId: string; readonly follows?: string },
  cause: CommandContext,
): Promise<Accepted<TerritoryEvent> | Refusal> {
  const step = (name: string): CommandContext => ({
    ...cause,
    commandId: deriveId(importId, name),
    causationId: cause.commandId,
  });
  let listedBefore = 0;
  for (const piece of piecesOf(regions)) {
    const command: ListRegions = {
      type: 'ListRegions',
      data: { regions: piece, listedBefore },
      context: step(`list from ${listedBefore}`),
    };
    const listed = await commands.decide(regionImport, importId, command, { startsStream: listedBefore === 0 });
    if (isRefusal(listed)) return listed;
    listedBefore += piece.length;
  }
  const accepted = { importId, source, regions: regions.length };
  return commands.decide(territory, TERRITORY, {
    type: 'AcceptRegionImport',
    data: { ...accepted, ...(follows !== undefined && { follows }), ...(statedOn !== undefined && { statedOn }) },
    context: step('accept'),
  });
}

/** Records every region of an accepted import on its own stream; what is known already changes nothing. */
async function recordRegions(commands: Commands, importId: string, cause: CommandContext): Promise<void> {
  const { state } = await commands.load(regionImport, importId);
  for (let at = 0; at < state.listed.length; at += RECORDED_AT_A_TIME) {
    const some = state.listed.slice(at, at + RECORDED_AT_A_TIME);
    await Promise.all(some.map((data) => record(commands, importId, data, cause)));
  }
}

async function record(commands: Commands, importId: string, data: Region, cause: CommandContext): Promise<void> {
  const context = { ...cause, commandId: deriveId(importId, `record ${data.key}`), causationId: cause.commandId };
  const recorded = await commands.decide(
    region,
    data.key,
    { type: 'RecordRegion', data, context },
    { startsStream: true },
  );
  if (isRefusal(recorded)) throw new Error(`${data.key} was not recorded: ${recorded.code}.`);
}
