import { isDatabaseUnavailable } from '@alliance/read-models';

const PASSING_NAMES = new Set(['BusUnavailable', 'StoreUnavailable', 'TooMuchContention']);
/** SQLSTATE: a transaction that lost against another (serialization, deadlock), or that did not get its lock in time. */
const LOST_TO_ANOTHER = /^(40...|55P03)$/;

/**
 * Whether an error tells of a state of the world that passes by itself (a connection lost, a server that restarts, a
 * transaction that lost against another), so that the same work is worth trying again. Looks through causes.
 */
export function isPassingFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isDatabaseUnavailable(error) || PASSING_NAMES.has(error.name)) return true;
  const { code, driverError, cause } = error as { code?: unknown; driverError?: unknown; cause?: unknown };
  if (typeof code === 'string' && LOST_TO_ANOTHER.test(code)) return true;
  return [driverError, cause].some((inner) => inner !== error && isPassingFault(inner));
}
