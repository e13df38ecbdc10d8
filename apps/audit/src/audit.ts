import { EventStore, EventUnreadable, StoreUnavailable, StreamDeleted } from '@alliance/event-store';
import { allocationCommand } from './allocation-command';
import { checkCommand } from './check-command';
import type { AuditCommand } from './command';
import { fundCommand } from './fund-command';
import { grantCommand } from './grant-command';
import { roundCommand } from './round-command';
import { Fault, type Terminal } from './terminal';
import { whyCommand } from './why-command';

const commands: Readonly<Record<string, AuditCommand>> = {
  grant: grantCommand,
  allocation: allocationCommand,
  round: roundCommand,
  fund: fundCommand,
  check: checkCommand,
  why: whyCommand,
};

const USAGE = [
  'alliance-audit reads the event log at EVENTSTORE_URL (esdb://…), and nothing else.',
  '',
  ...Object.values(commands).map(({ usage }) => `  alliance-audit ${usage}`),
  '',
  'Each takes --json. Exit code: 0; 1 when check finds a breach; 2 when it could not be done.',
];

/**
 * The auditors' command line. It reads the event log alone and writes nothing. The exit code: 0, 1 when the log breaks
 * an invariant, 2 with what is wrong in one line when what was asked could not be done.
 */
export async function audit(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    for (const line of USAGE) terminal.print(line);
    return name === undefined ? 2 : 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new Fault(`"${name}" is no command; there are: ${Object.keys(commands).join(', ')}.`);
    }
    const run = command.prepare(rest);
    const store = connect(environment.EVENTSTORE_URL);
    try {
      // Once, so that a log out of reach is told of instead of being waited for.
      await store.check();
      return await run(store, terminal);
    } finally {
      terminal.showProgress('');
      await store.close();
    }
  } catch (error) {
    if (!isTellable(error)) throw error;
    terminal.printError(`alliance-audit: ${error.message}`);
    return 2;
  }
}

function connect(connectionString: string | undefined): EventStore {
  if (!connectionString)
    throw new Fault('EVENTSTORE_URL is missing; expected esdb://host:port, as the services have it.');
  try {
    return EventStore.connect({ connectionString });
  } catch (error) {
    throw new Fault(`EVENTSTORE_URL is no address of an event store (esdb://host:port): ${String(error)}`);
  }
}

function isTellable(error: unknown): error is Error {
  return [Fault, StoreUnavailable, EventUnreadable, StreamDeleted].some((kind) => error instanceof kind);
}
