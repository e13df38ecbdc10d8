import { DataSource, type DataSourceOptions } from 'typeorm';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  /** Connections at most; projector, relay and consumer hold one each while they write. Default 10. */
  readonly poolSize?: number;
  /** Takes the errors of idle connections; the next query meets the same trouble, so this is for the log only. */
  readonly onIdleError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement after this; reads are pages and writes are batches, so that none needs as long. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** For a server that has fallen silent: a little later than its own limit, so that its own word comes first. */
const SILENCE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** A transaction that was forgotten gives back its locks. */
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Connects to a database; every wait on it is bounded. The schema is left alone: `migrate` is a step of its own.
 * Throws what `isDatabaseUnavailable` knows when there is no answer. Once connected, it comes back by itself after an
 * outage; what is asked during one fails.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<DataSource> {
  const database = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logger: 'debug',
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    poolErrorHandler: options.onIdleError ?? (() => undefined),
    extra: {
      keepAlive: true,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: SILENCE_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    },
  });
  return database.initialize();
}

const NETWORK_CODES = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH'.split(' '),
);
/** SQLSTATE: connection (08), lack of resources (53), cancelled or shutting down (57), input and output (58), read-only. */
const SQL_STATES = /^(08...|53...|57...|58...|25006)$/;
/** The driver gives its own errors no code. */
const DRIVER_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed))/;

/**
 * Whether an error says that the database does not answer at present, as opposed to a fault in what it was asked:
 * HTTP 503, and worth trying again. Looks through causes.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message, code, driverError, cause } = error as Partial<Record<string, unknown>>;
  return (
    (typeof code === 'string' && (NETWORK_CODES.has(code) || SQL_STATES.test(code))) ||
    DRIVER_MESSAGES.test(String(message)) ||
    // TypeORM's words for a transaction whose connection broke between two statements.
    name === 'QueryRunnerAlreadyReleasedError' ||
    name === 'QueryRunnerProviderAlreadyReleasedError' ||
    [driverError, cause].some((inner) => inner !== error && isDatabaseUnavailable(inner))
  );
}
