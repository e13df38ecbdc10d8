import { isNativeError } from 'node:util/types';
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, type DestinationStream } from 'pino';

/**
 * The log of one service: a JSON object a line. It carries no bodies, no headers and no query strings; of errors only
 * what names the fault, since a database error otherwise lists the values of the statement.
 */
export function createLog(service: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
}

function describeError(error: unknown): Record<string, unknown> {
  if (!isNativeError(error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: error.name, message: error.message, ...code, stack: error.stack };
}

/** Lets Nest's own lines go into the log. */
export function nestLogger(log: Logger): LoggerService {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.findLast((one): one is string => typeof one === 'string');
      if (message instanceof Error) log[level]({ context, err: message });
      else log[level]({ context }, String(message));
    };
  return {
    // Nest tells of every module and route at "log"; that is of use to whoever works on it, not to operators.
    log: write('debug'),
    error: write('error'),
    warn: write('warn'),
    debug: write('trace'),
    verbose: write('trace'),
    fatal: write('fatal'),
  };
}
