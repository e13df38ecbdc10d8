import { pino } from 'pino';
import { errorMessage } from '../error-message';
import { createLog } from '../observation/log';
import type { ServiceDefinition } from '../service-definition';
import { DeploymentSettings } from '../settings/host-settings';
import { type Environment, SettingsError } from '../settings/load-settings';
import { runCommand, UsageError } from './commands';
import { deploymentOf, kafkaOf } from './deployment';
import { serve } from './serve';
import { assemble, settingsOf } from './service-parts';

const STANDARD_ERROR = 2;

/** What a service's `main.ts` calls: serves until SIGTERM or SIGINT, or runs the command that the arguments name. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const stop = new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const output = { print: (line: string) => console.log(line), printError: (line: string) => console.error(line) };
  process.exitCode = await run(definition, process.argv.slice(2), process.env, { ...output, stop });
}

/** Where the lines of a run go, and when a service that serves stops. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly stop: Promise<unknown>;
  readonly onListening?: (url: string) => void;
}

/** The exit code: 0, or 1 with what is wrong on the error output; it does not throw. */
export async function run(
  definition: ServiceDefinition,
  args: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<0 | 1> {
  try {
    if (args.length === 0) await serve(definition, environment, terminal.stop, terminal.onListening);
    else if (args.length === 1 && args[0] === '--check-config') checkConfig(definition, environment, terminal);
    else await command(definition, args, environment, terminal);
    return 0;
  } catch (error) {
    if (error instanceof SettingsError) terminal.printError(`The settings of ${definition.name} are not complete:`);
    const prefix = error instanceof SettingsError || error instanceof UsageError ? '' : `${definition.name}: `;
    terminal.printError(prefix + errorMessage(error));
    return 1;
  }
}

function checkConfig(definition: ServiceDefinition, environment: Environment, { print }: Terminal): void {
  settingsOf(definition, DeploymentSettings, environment);
  print(`The settings of ${definition.name} are complete.`);
}

async function command(
  definition: ServiceDefinition,
  args: readonly string[],
  environment: Environment,
  { print }: Terminal,
): Promise<void> {
  const { settings } = settingsOf(definition, DeploymentSettings, environment);
  const log = createLog(definition.name, 'warn', pino.destination(STANDARD_ERROR));
  const parts = assemble(definition, environment, deploymentOf(definition.name, settings, log));
  try {
    await runCommand({ parts, kafka: kafkaOf(settings), print }, args);
  } finally {
    await Promise.all([parts.store.close(), parts.bus.close()]);
  }
}
