import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const WORKSPACE = resolve(__dirname, '../..');

/** What Nx takes for touched by a change of the file. */
async function affectedBy(file: string): Promise<readonly string[]> {
  const nx = resolve(WORKSPACE, 'node_modules/nx/dist/bin/nx.js');
  const args = [nx, 'show', 'projects', '--affected', `--files=${file}`, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: WORKSPACE });
  return JSON.parse(stdout) as readonly string[];
}

describe('nx affected', () => {
  it('follows imports from a lib to the services and to what runs them', async () => {
    const affected = await affectedBy('libs/event-store/src/errors.ts');
    expect(affected).toEqual(expect.arrayContaining(['event-store', 'service-host', 'registry', 'fund', 'standalone']));
    expect(affected).not.toContain('event-sourcing');
  });

  it('leaves other services alone when one changes', async () => {
    const affected = await affectedBy('apps/fund/src/fund.module.ts');
    expect(affected).toEqual(expect.arrayContaining(['fund', 'standalone']));
    expect(affected).not.toContain('registry');
  });
});
