import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createLog } from '../observation/log';
import { collectorAt, startTracing } from '../observation/tracing';
import type { ServiceDefinition } from '../service-definition';
import { DeploymentSettings } from '../settings/host-settings';
import type { Environment } from '../settings/load-settings';
import { deploymentOf } from './deployment';
import { settingsOf } from './service-parts';
import { startService } from './start-service';

/** Lines are written some at a time, and at the end: writing each by itself costs a third of the throughput. */
const GATHERED = { sync: false, minLength: 4096, periodicFlush: 250 };
const REQUEST_TIMEOUT_MS = 60_000;
/** How long after the grace a process that still hangs is ended the hard way. */
const LAST_CALL_MS = 5_000;

/**
 * Serves until `stop` resolves, then lets what is under way come to its end. `onListening` is told the URL. Throws
 * `SettingsError`, and what makes a start impossible.
 */
export async function serve(
  definition: ServiceDefinition,
  environment: Environment,
  stop: Promise<unknown>,
  onListening: (url: string) => void = () => undefined,
): Promise<void> {
  const { settings } = settingsOf(definition, DeploymentSettings, environment);
  const log = createLog(definition.name, settings.logLevel, pino.destination(GATHERED));
  const endpoint = settings.otelExporterOtlpEndpoint;
  const tracing = endpoint === undefined ? undefined : startTracing(definition.name, collectorAt(endpoint));
  const infrastructure = deploymentOf(definition.name, settings, log);
  const service = startService(definition, environment, infrastructure);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, service.handleRequest);
  try {
    const url = await listen(server, settings);
    log.info({ url }, 'listening');
    onListening(url);
    // A start that succeeds is no reason to stop.
    await Promise.race([stop, service.started.then(() => stop)]);
  } finally {
    const lastCall = setTimeout(() => process.exit(1), settings.shutdownGraceMs + LAST_CALL_MS).unref();
    const closed = new Promise((resolve) => server.close(resolve));
    await service.close();
    server.closeAllConnections();
    await Promise.all([closed, infrastructure.bus.close(), tracing?.stop()]);
    clearTimeout(lastCall);
  }
}

function listen(server: Server, { port, host }: DeploymentSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}
