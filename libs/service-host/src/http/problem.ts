import type { Refusal, RefusalKind } from '@alliance/event-sourcing';

/** One fault of a request. Never carries the value that was sent: it may be personal. */
export interface FieldFault {
  /** Where, as a path from the body, the query or the parameters: `identifiers[0].scheme`; a header by its name. */
  readonly field: string;
  /** `missing`, `unknown` (no such field) or `invalid`. */
  readonly reason: 'missing' | 'unknown' | 'invalid';
  /** What would be right, for a human. */
  readonly expected: string;
}

/** An answer that is not success, thrown by whoever finds it and written as problem+json (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /** `code` is stable and part of the API; the message is the problem's `detail`. */
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly more: {
      readonly errors?: readonly FieldFault[];
      readonly data?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }
}

/** A request that is not in the shape that the API asks for: 400 with every fault. */
export function invalidRequest(errors: readonly FieldFault[]): ProblemError {
  const fields = errors.map((error) => error.field).join(', ');
  return new ProblemError(400, 'INVALID_REQUEST', `The request has ${errors.length} fault(s): ${fields}.`, { errors });
}

/** Something that this service needs is down or behind: 503, try again after some seconds. */
export function unavailable(code: string, detail: string, retryAfterSeconds = 5): ProblemError {
  return new ProblemError(503, code, detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
}

/** What a query answers for something that is not there: 404. */
export function notFound(code: string, detail: string): ProblemError {
  return new ProblemError(404, code, detail);
}

const STATUS_OF_REFUSAL: Readonly<Record<RefusalKind, number>> = {
  conflict: 409,
  outdated: 412,
  unprocessable: 422,
  forbidden: 403,
  'not-found': 404,
};

/** A decision against a command, on its way to the client. */
export class RefusedError extends ProblemError {
  constructor(refusal: Refusal) {
    super(STATUS_OF_REFUSAL[refusal.refused], refusal.code, refusal.detail, { data: refusal.data });
  }
}
