/**
 * Why a refusal was given, which decides how a client should react:
 * - `conflict`: the present state forbids it; another state would allow it (HTTP 409);
 * - `outdated`: it was decided on a version that is no longer the present one; `data` names both, as `seenVersion` and
 *   `presentVersion` (HTTP 412);
 * - `unprocessable`: the command breaks a rule in itself (HTTP 422);
 * - `forbidden`: this actor may not (HTTP 403);
 * - `not-found`: what the command speaks of does not exist (HTTP 404).
 */
export type RefusalKind = 'conflict' | 'outdated' | 'unprocessable' | 'forbidden' | 'not-found';

/** A decision against a command: a value, never thrown. The code is stable and part of the API. */
export interface Refusal<Code extends string = string> {
  readonly refused: RefusalKind;
  readonly code: Code;
  /** One English sentence for a human: what is wrong and what would be right. */
  readonly detail: string;
  /** Facts a client can show or act on; no personal data. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function refuse<Code extends string>(
  refused: RefusalKind,
  code: Code,
  detail: string,
  data: Readonly<Record<string, unknown>> = {},
): Refusal<Code> {
  return { refused, code, detail, data };
}

/** Tells a refusal from the events or the result that could stand in its place. */
export function isRefusal(decision: unknown): decision is Refusal {
  return typeof decision === 'object' && decision !== null && 'refused' in decision && 'code' in decision;
}
