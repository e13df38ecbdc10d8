import { IdentityUnavailable } from '../identity/token-verifier';
import { ProblemError, unavailable } from './problem';

/** The answer for an error that says that something outside is down or contended; `undefined` for any other error. */
export function outageOf(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof IdentityUnavailable)
    return unavailable('IDENTITY_UNAVAILABLE', 'The issuer of tokens cannot be reached.');
  return undefined;
}
