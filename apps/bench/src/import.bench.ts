import { ApiClient } from '@alliance/standalone';
import { type Benchmark, spreadOf, timed } from './measure';
import { residentMegabytes, withStandalone } from './standalone.bench';
import { withFolder } from './world';

const ROWS = 10_000;
/** So many of them are in the registry already. */
const KNOWN = 1_000;
const ROUNDS = 3;
const PATH = '/registry/organisation-imports';

interface Imported {
  readonly importId: string;
  readonly rows: readonly { readonly verdict: string }[];
}

export const importBenchmark: Benchmark = {
  name: 'import',
  measure: `standalone: seconds from the upload of a CSV of ${ROWS} organisations, a tenth of them known, until all the others have applied`,
  unit: 's',
  better: 'lower',
  bar: 60,
  aim: 20,
  run: (progress) =>
    withFolder((dataDir) =>
      withStandalone(dataDir, async ({ pid }, _, url) => {
        const { body } = await new ApiClient(url).post<{ token: string }>('/dev/token', { role: 'coordinator' });
        const client = new ApiClient(url, body.token);
        await importAll(client, listOf(0, KNOWN), KNOWN);
        const seconds: number[] = [];
        for (let round = 1; round <= ROUNDS; round += 1) {
          const csv = listOf(round, ROWS - KNOWN) + rowsOf(0, KNOWN);
          seconds.push(await timed(() => importAll(client, csv, ROWS - KNOWN)));
          const megabytes = residentMegabytes(pid).toFixed(0);
          progress(`round ${round}/${ROUNDS}: ${seconds.at(-1)?.toFixed(1)} s; the process then has ${megabytes} MB`);
        }
        return { spread: spreadOf(seconds), raw: seconds };
      }),
    ),
};

function listOf(round: number, rows: number): string {
  return `name,kind,legal_form,operating_since,region_key,scheme,court,number,fields,website\n${rowsOf(round, rows)}`;
}

function rowsOf(round: number, rows: number): string {
  const row = (n: number) =>
    `Nachbarschaftshilfe ${round} Nr. ${n} e.V.,civil-society,e.V.,2015-04-01,11000000,vereinsregister,Köln,` +
    `VR ${round * ROWS + n + 1},accommodation orientation,https://nachbarn-${n}.example\n`;
  return Array.from({ length: rows }, (_, n) => row(n)).join('');
}

/** Resolves when all rows that are to be accepted have applied; throws when it is another number of them. */
async function importAll(client: ApiClient, csv: string, expected: number): Promise<void> {
  const { status, body } = await client.postCsv<Imported>(PATH, csv);
  const accepted = status === 201 ? body.rows.filter(({ verdict }) => verdict === 'accepted').length : 0;
  if (accepted !== expected) throw new Error(`The import was answered ${status} and ${accepted} rows accepted.`);
  for (;;) {
    const { body: progress } = await client.get<{ applied?: number }>(`${PATH}/${body.importId}`);
    if (progress.applied === expected) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
