import { isDatabaseUnavailable } from '@alliance/read-models';

const PASSING_NAMES = new Set(['BusUnavailable', 'StoreUnavailable', 'TooMuchContention']);
/** SQLSTATE: a transaction that lost against another (serialization, deadlock), or that did not get its lock in time. */
const LOST_TO_ANOTHER = /^(40...|55P03)$/;

/**
 * Whether an error tells of a state of the world that passes by itself (a connection lost, a server that restarts, a
 * transaction that lost against another), so that the same work is worth trying again. Looks through causes.
 */
export function isPassingFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (isDatabaseUnavailable(error)) return true;
  const { name, code, driverError, cause } = error as Partial<
    Record<'name' | 'code' | 'driverError' | 'cause', unknown>
  >;
  if (typeof name === 'string' && PASSING_NAMES.has(name)) return true;
  if (typeof code === 'string' && LOST_TO_ANOTHER.test(code)) return true;
  return [driverError, cause].some((inner) => inner !== error && isPassingFault(inner));
}
