/** One record of a GV100AD file, as the official one has it. */
export function gvRecord(
  kind: string,
  key: string,
  name: string,
  more: { readonly population?: number; readonly verband?: string; readonly day?: string } = {},
): string {
  const { population, verband = '', day = '20260930' } = more;
  return (
    `${kind}${day}${key.padEnd(8)}${verband.padEnd(4)}${name.padEnd(50)}`.padEnd(139) +
    (population === undefined ? '' : String(population).padStart(11, '0')).padEnd(81)
  );
}
