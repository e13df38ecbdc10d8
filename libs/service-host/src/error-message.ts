import { isNativeError } from 'node:util/types';

/** What an error says, for a log line or an operator. A failed connection often says it only in its attempts. */
export function errorMessage(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error.message === '' && 'errors' in error && Array.isArray(error.errors)) {
    return error.errors.map(errorMessage).join('; ');
  }
  return error.message;
}
