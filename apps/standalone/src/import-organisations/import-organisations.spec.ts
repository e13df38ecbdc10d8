import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from '../api-client';
import { type Standalone, startStandalone } from '../standalone';
import { importOrganisations } from './import-organisations';

let folder: string;
let standalone: Standalone;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import '));
  standalone = await startStandalone({ dataDir: join(folder, 'data'), port: 0, logLevel: 'silent' });
  token = await tokenFor('coordinator');
}, 60_000);
afterAll(async () => {
  await standalone.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tokenFor(role: string): Promise<string> {
  const { body } = await new ApiClient(standalone.url).post<{ token: string }>('/dev/token', { role });
  return body.token;
}

/** Runs the command and gives its exit code, the lines of its results and faults, and what it showed meanwhile. */
async function run(args: readonly string[], environment: Record<string, string> = { ALLIANCE_TOKEN: token }) {
  const lines: string[] = [];
  const faults: string[] = [];
  const shown: string[] = [];
  const exitCode = await importOrganisations([...args, '--url', standalone.url], environment, {
    print: (line) => lines.push(line),
    printError: (line) => faults.push(line),
    showProgress: (line) => shown.push(line),
  });
  return { exitCode, lines, faults, shown };
}

async function demoFile(mend: (csv: string) => string = (csv) => csv): Promise<string> {
  const csv = await readFile(resolve(__dirname, '../../../../infra/demo/organisations.csv'), 'utf8');
  const file = join(folder, `organisations ${Math.random()}.csv`);
  await writeFile(file, mend(csv.replace('2026-10-01', new Date().toISOString().slice(0, 10))));
  return file;
}
const withoutBroken = (csv: string) =>
  csv
    .split('\n')
    .filter((line) => !line.includes('ohne Datum'))
    .join('\n');

describe('import of organisations from the terminal', () => {
  it('tells every verdict of a dry run, and imports nothing of a file with a broken row', async () => {
    const file = await demoFile();
    const dryRun = await run([file, '--dry-run']);
    expect(dryRun.exitCode).toBe(1);
    expect(dryRun.lines).toEqual([
      expect.stringMatching(/^line 5: duplicate: Line 2/),
      expect.stringMatching(/^line 9: refused ORGANISATION_TOO_YOUNG: /),
      expect.stringMatching(/^line 10: refused ORGANISATION_PRIVATE_PERSON: /),
      expect.stringMatching(/^line 11: broken: operating_since/),
      expect.stringMatching(/^line 11: broken: region_key/),
      '11 verdicts: 6 accepted, 1 duplicate, 2 refused, 2 broken.',
    ]);
    const refused = await run([file]);
    expect([refused.exitCode, refused.lines, refused.faults]).toEqual([
      1,
      dryRun.lines,
      ['import-organisations: 2 fault(s) in the file; nothing was imported.'],
    ]);
  });

  it('imports a file and shows its progress to the end; the same file again is the same import', async () => {
    const file = await demoFile(withoutBroken);
    const imported = await run([file]);
    expect([imported.exitCode, imported.faults]).toEqual([0, []]);
    expect(imported.lines.at(-1)).toMatch(/^Import [0-9a-f-]{36}: 6 applications recorded\.$/);
    expect(imported.shown).toContain('6 of 6 applications recorded');
    const again = await run([file]);
    expect([again.exitCode, again.lines]).toEqual([0, imported.lines]);
  });

  it('says in one line what is wrong, and that it has failed', async () => {
    const file = await demoFile();
    const faultOf = async (args: readonly string[], environment?: Record<string, string>) => {
      const { exitCode, lines, faults } = await run(args, environment);
      expect([exitCode, lines, faults.length]).toEqual([1, [], 1]);
      return faults[0];
    };
    expect(await faultOf([])).toMatch(/is not understood; expected FILE/);
    expect(await faultOf([file, '--fast'])).toMatch(/is not understood; expected FILE/);
    expect(await faultOf([join(folder, 'none.csv')])).toMatch(/none\.csv cannot be read/);
    expect(await faultOf([file], {})).toMatch(/no token/);
    expect(await faultOf([file], { ALLIANCE_TOKEN: await tokenFor('representative') })).toMatch(/403 FORBIDDEN/);
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'no token at all\n');
    expect(await faultOf([file], { ALLIANCE_TOKEN_FILE: tokenFile })).toMatch(/401 UNAUTHENTICATED/);
    const nowhere = { print: () => undefined, showProgress: () => undefined };
    const faults: string[] = [];
    const gone = ['--url', 'http://127.0.0.1:9', file];
    expect(
      await importOrganisations(
        gone,
        { ALLIANCE_TOKEN: token },
        { ...nowhere, printError: (line) => faults.push(line) },
      ),
    ).toBe(1);
    expect(faults).toEqual([expect.stringMatching(/^import-organisations: no answer: /)]);
  });
});
