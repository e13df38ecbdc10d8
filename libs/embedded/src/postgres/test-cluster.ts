import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres';

/** Where a test's process asks for the run's server; set for the processes of one run of Jest. */
export const TEST_CLUSTER_BROKER = 'ALLIANCE_TEST_CLUSTER_BROKER';

interface Run {
  readonly broker: Server;
  cluster?: Promise<EmbeddedPostgres>;
}

let run: Run | undefined;

/**
 * Offers one throw-away Postgres server to all tests of a run. It starts when the first test asks for it, in this
 * process, which outlives all workers; a run that asks for none costs nothing.
 */
export async function offerTestCluster(): Promise<void> {
  const current: Run = {
    broker: createServer((_request, response) => {
      current.cluster ??= startThrowAwayCluster();
      // A test file asks once; a connection kept for a second question may be closed just when that comes.
      response.setHeader('connection', 'close');
      current.cluster.then(
        (cluster) => response.end(cluster.url('postgres')),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    }),
  };
  run = current;
  await new Promise<void>((listening) => current.broker.listen(0, '127.0.0.1', listening));
  const { port } = current.broker.address() as AddressInfo;
  process.env[TEST_CLUSTER_BROKER] = `http://127.0.0.1:${port}`;
}

/** Ends what `offerTestCluster` began. */
export async function withdrawTestCluster(): Promise<void> {
  run?.broker.close();
  run?.broker.closeAllConnections();
  await (await run?.cluster?.catch(() => undefined))?.stop();
}

async function startThrowAwayCluster(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: await mkdtemp(join(tmpdir(), 'alliance-postgres-')), persistent: false });
}
