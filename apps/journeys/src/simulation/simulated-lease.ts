import type { Lease } from '@alliance/event-bus';
import type { SimulatedProcess } from './simulated-process';

const LOSS = 0.3;

/** One lease among processes; its holder may lose it while the work goes on, as when a connection breaks. */
export class SimulatedLease {
  private holder: object | undefined;
  private waiting: (() => void)[] = [];

  seenBy(process: SimulatedProcess): Lease {
    return {
      acquire: async (signal) => {
        const { world, clock } = process;
        while (this.holder !== undefined && !signal.aborted) await this.free(signal);
        if (signal.aborted) return undefined;
        const lost = new AbortController();
        const held = {};
        this.holder = held;
        const giveBack = () => {
          if (this.holder !== held) return;
          this.holder = undefined;
          for (const wake of this.waiting.splice(0)) wake();
        };
        process.onDeath(giveBack);
        if (world.mishap(LOSS)) {
          world.later(world.between(100, 3_000), () => {
            giveBack();
            world.later(world.latency(), () => lost.abort('The connection broke.'));
          });
        }
        await clock.sleep(world.latency(), signal);
        return { lost: lost.signal, release: async () => giveBack() };
      },
    };
  }

  private free(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.push(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
