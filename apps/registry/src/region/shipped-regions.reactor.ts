import { backoffMs, Clock, type CommandContext } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import { CommandHandler } from '@alliance/service-host';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { laender } from './laender';
import { importRegions } from './region-import.reactor';

/** Never changed: under this id the import is found to be done already. */
const IMPORT_ID = '5b1d5f0e-7f3a-5c57-9a54-1f0d5b1c0a16';

/**
 * Imports the regions that ship with the project, once for all and before any others; waits for the log as long as it
 * takes.
 */
@Injectable()
export class ShippedRegions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly log = new Logger('shipped regions');
  private importing: Promise<void> = Promise.resolve();

  constructor(
    private readonly commands: CommandHandler,
    private readonly clock: Clock,
  ) {}

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
        const context = contextOf(this.clock.now().toISOString());
        await importRegions(this.commands, { importId: IMPORT_ID, source: 'shipped', regions: laender }, context);
        return;
      } catch (error) {
        this.log.warn(`The Länder cannot be recorded yet: ${error instanceof Error ? error.message : String(error)}`);
        await this.clock.sleep(backoffMs(failuresInARow, this.clock), signal);
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
