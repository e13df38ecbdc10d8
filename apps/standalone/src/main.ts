import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { greeting } from './greeting';
import { startStandalone } from './standalone';

/** `npm start [-- --fresh]`. Settings: PORT (4000), ALLIANCE_DATA_DIR (.alliance), LOG_LEVEL (warn). */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const { PORT = '4000', ALLIANCE_DATA_DIR = '.alliance', LOG_LEVEL = 'warn' } = process.env;
  if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
    throw new Error(`PORT is "${PORT}"; a number from 0 to 65535 is expected (0: a free one).`);
  }
  const dataDir = resolve(ALLIANCE_DATA_DIR);

  // From the first moment: who presses Ctrl-C during the start means it, too.
  const interrupted = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
  });
  const standalone = await startStandalone({
    dataDir,
    port: Number(PORT),
    fresh: values.fresh,
    logLevel: LOG_LEVEL,
    progress: (line) => console.log(`… ${line}`),
  });
  console.log(greeting(standalone, dataDir));
  await interrupted;
  console.log('Stopping …');
  await standalone.stop();
}

main().catch((error: unknown) => {
  console.error(`The standalone cannot run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
