import type { LogPosition } from './event';

/** Negative when `a` stands before `b` in the log, 0 when they are the same place, positive otherwise. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  if (a.commit !== b.commit) return a.commit < b.commit ? -1 : 1;
  if (a.prepare !== b.prepare) return a.prepare < b.prepare ? -1 : 1;
  return 0;
}

/** `commit/prepare` in decimal: the form of the `Alliance-Position` and `Min-Position` headers. */
export function formatPosition(position: LogPosition): string {
  return `${position.commit}/${position.prepare}`;
}

/** Reads what `formatPosition` writes; `undefined` when the text is not a position. */
export function parsePosition(text: string): LogPosition | undefined {
  const [, commit, prepare] = /^(\d{1,19})\/(\d{1,19})$/.exec(text) ?? [];
  if (commit === undefined || prepare === undefined) return undefined;
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
