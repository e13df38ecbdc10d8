import { backoffMs, type CommandContext, isRefusal, systemClock } from '@alliance/event-sourcing';
import { deriveId, StoreUnavailable } from '@alliance/event-store';
import { CommandHandler } from '@alliance/service-host';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { laender } from './laender';
import { importRegions } from './region-import.reactor';

/** Never changed: under this id the import is found to be done already. */
const IMPORT_ID = '5b1d5f0e-7f3a-5c57-9a54-1f0d5b1c0a16';

/** Imports the regions that ship with the project, once for all; waits for the log as long as it takes. */
@Injectable()
export class ShippedRegions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private importing: Promise<void> = Promise.resolve();

  constructor(private readonly commands: CommandHandler) {}

  /** Does not hold the start back. */
  onApplicationBootstrap(): void {
    this.importing = this.importUntilDone();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.importing;
  }

  private async importUntilDone(): Promise<void> {
    const { signal } = this.stopping;
    for (let failuresInARow = 1; !signal.aborted; failuresInARow += 1) {
      try {
        const context = contextOf(systemClock.now().toISOString());
        const list = { source: 'shipped', regions: laender } as const;
        const imported = await importRegions(this.commands, IMPORT_ID, list, context);
        if (isRefusal(imported)) throw new Error(`The shipped regions differ from those in the log: ${imported.code}.`);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await systemClock.sleep(backoffMs(failuresInARow, systemClock), signal);
      }
    }
  }
}

function contextOf(at: string): CommandContext {
  const commandId = deriveId(IMPORT_ID, 'import');
  return {
    commandId,
    correlationId: commandId,
    causationId: commandId,
    actor: { subject: 'registry.shipped-regions', roles: [] },
    at,
  };
}
