import { type CommandContext, isRefusal, type Refusal } from '@alliance/event-sourcing';
import { type Accepted, deriveId, type EventStore, handleCommand } from '@alliance/event-store';
import { region } from './region.decider';
import { type Region, type RegionImportEvent, regionImportEvents, type RegionSource } from './region.events';
import { regionImport, type RegionImportCommand } from './region-import.decider';

/** Keeps an append far below the log's limit of 1 MiB: a region takes about 200 bytes. */
const REGIONS_PER_PIECE = 500;
/** Fills the log's group commit without taking it from others. */
const RECORDED_AT_A_TIME = 32;

/** Lists the regions piece by piece and then accepts them as a whole. The same import again takes up where it stopped. */
export async function importRegions(
  store: EventStore,
  importId: string,
  { source, regions }: { readonly source: RegionSource; readonly regions: readonly Region[] },
  cause: CommandContext,
): Promise<Accepted | Refusal> {
  const step = (name: string): CommandContext => ({
    ...cause,
    commandId: deriveId(importId, name),
    causationId: cause.commandId,
  });
  for (let listedBefore = 0; listedBefore < regions.length; listedBefore += REGIONS_PER_PIECE) {
    const command: RegionImportCommand = {
      type: 'ListRegions',
      data: { regions: regions.slice(listedBefore, listedBefore + REGIONS_PER_PIECE), listedBefore },
      context: step(`list from ${listedBefore}`),
    };
    const listed = await handleCommand(store, regionImport, importId, command, { startsStream: listedBefore === 0 });
    if (isRefusal(listed)) return listed;
  }
  return handleCommand(store, regionImport, importId, {
    type: 'AcceptRegionImport',
    data: { source, regions: regions.length },
    context: step('accept'),
  });
}

/** Records every region of an accepted import on its own stream; what is known already changes nothing. */
export async function recordRegions(store: EventStore, importId: string, cause: CommandContext): Promise<void> {
  const streamName = regionImportEvents.category.streamName(importId);
  for await (const event of store.readStream<RegionImportEvent>(streamName, regionImportEvents)) {
    if (event.type !== 'RegionsListed') continue;
    const { regions } = event.data as Extract<RegionImportEvent, { type: 'RegionsListed' }>['data'];
    for (let at = 0; at < regions.length; at += RECORDED_AT_A_TIME) {
      const some = regions.slice(at, at + RECORDED_AT_A_TIME);
      await Promise.all(some.map((data) => record(store, importId, data, cause)));
    }
  }
}

async function record(store: EventStore, importId: string, data: Region, cause: CommandContext): Promise<void> {
  const context = { ...cause, commandId: deriveId(importId, `record ${data.key}`), causationId: cause.commandId };
  const recorded = await handleCommand(
    store,
    region,
    data.key,
    { type: 'RecordRegion', data, context },
    { startsStream: true },
  );
  if (isRefusal(recorded)) throw new Error(`${data.key} was not recorded: ${recorded.code}.`);
}
