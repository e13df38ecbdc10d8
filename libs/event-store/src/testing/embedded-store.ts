import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEventStore, type ServerSecurity, startEmbeddedEventStore } from '@alliance/embedded';

/** A server of its own for the tests of one file; `stop` takes its data with it. */
export async function startTestStore(
  security?: ServerSecurity,
): Promise<EmbeddedEventStore & { readonly dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  const server = await startEmbeddedEventStore({ dataDir, security });
  return {
    ...server,
    dataDir,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
