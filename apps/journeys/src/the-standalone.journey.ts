import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApiClient } from '@alliance/standalone';
import { eventually } from './world/eventually';
import { freePort } from './world/free-port';
import { NodeProcess } from './world/node-process';
import { admit, apply } from './world/registry-steps';

const STOPS_WITHIN_MS = 5_000;
const KILLS = 5;

/** One standalone after another on the same folder, whose name has a space. */
class Home {
  process: NodeProcess;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async make(): Promise<Home> {
    return new Home(await mkdtemp(join(tmpdir(), 'alliance of mine ')), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  async start(...args: readonly string[]): Promise<void> {
    const settings = { PORT: String(this.port), ALLIANCE_DATA_DIR: this.dataDir };
    this.process = NodeProcess.start('apps/standalone/src/main.ts', args, settings);
    await this.process.answers(`${this.url}/health/ready`);
    await this.process.line(/Ctrl-C/);
  }

  async client(role: string, organisationId?: string): Promise<ApiClient> {
    const { body } = await new ApiClient(this.url).post<{ token: string }>('/dev/token', { role, organisationId });
    return new ApiClient(this.url, body.token);
  }

  async leave(): Promise<void> {
    await this.process?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The processes that work on the folder, by their command lines. */
function processesOn(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(folder) ? [command] : [];
      } catch {
        return []; // It has ended since the folder was listed.
      }
    });
}

async function knownToFund(home: Home, id: string): Promise<boolean> {
  const officer = await home.client('fund-officer');
  const { body } = await officer.get<{ items: { id: string }[] }>('/fund/known-organisations?limit=200');
  return body.items.some(({ id: known }) => known === id);
}

describe('a standalone that has just started', () => {
  let home: Home;
  beforeAll(async () => {
    home = await Home.make();
    await home.start();
  });
  afterAll(() => home.leave());

  it('greets with what runs where, and with a command that works when it is pasted', async () => {
    const greeting = home.process.output.join('\n');
    for (const service of ['registry', 'capacity-matching', 'fund', 'working-groups', 'public-sector-liaison']) {
      expect(greeting).toContain(`${home.url}/${service}/docs`);
      expect((await fetch(`${home.url}/${service}/openapi.json`)).status).toBe(200);
      expect((await fetch(`${home.url}/${service}/docs`)).status).toBe(200);
    }
    expect(greeting).toContain(home.dataDir);
    const commands = greeting.split('\n').filter((line) => /^ {2}(TOKEN=|curl )/.test(line));
    expect(commands).toHaveLength(2);
    const { stdout } = await promisify(execFile)('bash', ['-c', commands.join('\n')]);
    expect((JSON.parse(stdout) as { items: unknown[] }).items).toHaveLength(3);
  });

  it('shares neither its folder nor its port', async () => {
    const free = await Home.make();
    const id = await apply(await home.client('representative'), 'Von hier');
    const takers = [
      { settings: { PORT: String(free.port), ALLIANCE_DATA_DIR: home.dataDir }, refusal: /in use by another process/ },
      {
        settings: { PORT: String(home.port), ALLIANCE_DATA_DIR: free.dataDir },
        refusal: /is taken by another process/,
      },
    ];
    for (const { settings, refusal } of takers) {
      const taker = NodeProcess.start('apps/standalone/src/main.ts', ['--fresh'], settings);
      expect(await taker.exit()).toBe(1);
      expect(taker.output.at(-1)).toMatch(refusal);
    }
    await free.leave();
    const history = await (await home.client('auditor')).get(`/registry/organisations/${id}/history`);
    expect(history.status).toBe(200);
  });

  it('issues development tokens for known roles only, and lists what is wrong with a request', async () => {
    const wrong = await new ApiClient(home.url).post<{ errors: { field: string }[] }>('/dev/token', {
      role: 'king',
      organisationId: 'x',
      extra: 1,
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map(({ field }) => field)).toEqual(['role', 'organisationId', 'extra']);
  });

  it('tells of a wrong setting in one line', async () => {
    const wrong = NodeProcess.start('apps/standalone/src/main.ts', [], { PORT: 'http', ALLIANCE_DATA_DIR: '/nowhere' });
    expect(await wrong.exit()).toBe(1);
    expect(wrong.output).toEqual([expect.stringMatching(/PORT is "http"/)]);
  });
});

describe('the standalone', () => {
  let home: Home;
  beforeEach(async () => {
    home = await Home.make();
    await home.start();
  });
  afterEach(() => home.leave());

  it('stops within five seconds when it is interrupted, and leaves no process', async () => {
    const startedAt = Date.now();
    process.kill(home.process.pid, 'SIGINT');
    expect(await home.process.exit()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(STOPS_WITHIN_MS);
    expect(processesOn(home.dataDir)).toEqual([]);
  });

  it('keeps every acknowledged command over kills at random moments, and brings each to the other services', async () => {
    const ids: string[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const id = await apply(await home.client('representative'), `Organisation ${kill}`);
      await admit(await home.client('coordinator'), id);
      ids.push(id);
      await new Promise((wake) => setTimeout(wake, Math.random() * 30));
      await home.process.kill();
      await home.start();
    }
    for (const id of ids) {
      const { body } = await (
        await home.client('auditor')
      ).get<{ type: string }[]>(`/registry/organisations/${id}/history`);
      expect(body.map(({ type }) => type)).toEqual([
        'MembershipAppliedFor',
        'OrganisationVerified',
        'AdmissionDecided',
        'OrganisationAdmitted',
      ]);
      await eventually(async () => expect(await knownToFund(home, id)).toBe(true));
    }
  });

  it('runs beside another one', async () => {
    const other = await Home.make();
    await other.start();
    const id = await apply(await home.client('representative'), 'Nur hier');
    expect((await (await other.client('auditor')).get(`/registry/organisations/${id}`)).status).toBe(404);
    await other.leave();
  });

  it('begins anew with --fresh', async () => {
    const id = await apply(await home.client('representative'), 'Von gestern');
    await home.process.stop();
    await home.start('--fresh');
    expect((await (await home.client('auditor')).get(`/registry/organisations/${id}/history`)).status).toBe(404);
  });
});
