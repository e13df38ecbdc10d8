/**
 * Whether an error tells of a state of the world that passes by itself (a connection lost, a server that restarts, a
 * transaction that lost against another), so that the same work is worth trying again. Looks through causes.
 */
export function isPassingFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError, cause } = error as { code?: unknown; driverError?: unknown; cause?: unknown };
  return (
    PASSING_NAMES.has(error.name) ||
    (typeof code === 'string' && (PASSING_NODE_CODES.has(code) || PASSING_SQL_STATES.test(code))) ||
    PASSING_DRIVER_MESSAGES.test(error.message) ||
    [driverError, cause, ...(error instanceof AggregateError ? (error.errors as readonly unknown[]) : [])].some(
      (inner) => inner !== error && isPassingFault(inner),
    )
  );
}

const PASSING_NAMES = new Set([
  'BusUnavailable',
  'StoreUnavailable',
  'TooMuchContention',
  // TypeORM's word for a transaction whose connection has gone.
  'QueryRunnerAlreadyReleasedError',
]);

const PASSING_NODE_CODES = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH'.split(' '),
);

/**
 * SQLSTATE: connection (08), rollback for serialization or deadlock (40), lack of resources (53), lock not available
 * (55P03), cancelled or shutting down (57), input and output (58), and a database that is read-only after a failover.
 */
const PASSING_SQL_STATES = /^(08...|40...|53...|55P03|57...|58...|25006)$/;

/** The driver's own errors carry no code. */
const PASSING_DRIVER_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end)/;
