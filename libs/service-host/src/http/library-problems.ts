import { BusUnavailable } from '@alliance/event-bus';
import { CommandIdReused, RevisionMismatch, StoreUnavailable, TooMuchContention } from '@alliance/event-store';
import { InvalidCursor, isDatabaseUnavailable } from '@alliance/read-models';
import { IdentityUnavailable } from '../identity/token-verifier';
import { invalidRequest, ProblemError, unavailable } from './problem';

/** The answer for the errors of the libraries that a client can do something about; `undefined` for all others. */
export function problemOfLibrary(error: unknown): ProblemError | undefined {
  if (error instanceof RevisionMismatch) {
    const revision = error.actual === 'no-stream' ? null : String(error.actual);
    const detail = 'If-Match is not the present revision; read again and decide anew.';
    return new ProblemError(412, 'REVISION_MISMATCH', detail, { data: { revision } });
  }
  if (error instanceof CommandIdReused) {
    const detail = 'This Idempotency-Key named another request before; give each request a key of its own.';
    return new ProblemError(422, 'IDEMPOTENCY_KEY_REUSED', detail);
  }
  if (error instanceof TooMuchContention) {
    return new ProblemError(412, 'TOO_MUCH_CONTENTION', 'Too many others wrote at the same time; try again.');
  }
  if (error instanceof InvalidCursor) {
    return invalidRequest([
      { field: 'cursor', reason: 'invalid', expected: 'the nextCursor of a page in the same order' },
    ]);
  }
  if (error instanceof StoreUnavailable) return unavailable('STORE_UNAVAILABLE', 'The event log cannot be reached.');
  if (error instanceof BusUnavailable) return unavailable('BUS_UNAVAILABLE', 'The message bus cannot be reached.');
  if (error instanceof IdentityUnavailable) {
    return unavailable('IDENTITY_UNAVAILABLE', 'The issuer of tokens cannot be reached.');
  }
  if (isDatabaseUnavailable(error)) return unavailable('DATABASE_UNAVAILABLE', 'The database cannot be reached.');
  return undefined;
}
