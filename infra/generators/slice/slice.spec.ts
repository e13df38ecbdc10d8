import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '@alliance/embedded';

const root = path.join(__dirname, '../../..');
const configuration = [
  ...['nx.json', 'package.json', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'eslint.config.mjs'],
  ...['jest.config.mjs', '.swcrc', '.prettierrc.json', '.dependency-cruiser.cjs', 'libs', 'infra/generators'],
  ...['infra/architecture/file-name.mjs', 'apps/fund/project.json', 'apps/fund/tsconfig.json'],
];
const emptyService = `import type { ServiceDefinition } from '@alliance/service-host';

export const fund: ServiceDefinition = {
  name: 'fund',
  slices: [],
  projections: [],
  publishers: [],
  consumes: [],
  entities: [],
  migrations: [],
};
`;

let workspace: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  workspace = mkdtempSync(path.join(tmpdir(), 'workspace '));
  for (const name of configuration) cpSync(path.join(root, name), path.join(workspace, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(workspace, 'node_modules'));
  mkdirSync(path.join(workspace, 'apps/fund/src'), { recursive: true });
  writeFileSync(path.join(workspace, 'apps/fund/src/fund.module.ts'), emptyService);
  writeFileSync(path.join(workspace, 'apps/fund/src/index.ts'), "export { fund } from './fund.module';\n");
});
afterAll(async () => {
  rmSync(workspace, { recursive: true });
  await database.drop();
});

/** Runs a tool of the workspace in the copy; its output, or a failure of the test with it. */
function run(tool: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join('node_modules', tool), ...args], {
    cwd: workspace,
    encoding: 'utf8',
    env: { ...process.env, TEST_POSTGRES_URL: database.url, NX_WORKSPACE_ROOT_PATH: workspace },
  });
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

const generate = (slice: string): string => run('nx/dist/bin/nx.js', 'generate', 'slice', slice, '--no-interactive');

it('slices come out of the generator at work: formatted, linted, compiled, wired in and tested', () => {
  generate('fund/grant');
  generate('fund/matching-round');
  const fund = path.join(workspace, 'apps/fund/src');
  expect(readdirSync(path.join(fund, 'grant')).sort()).toEqual([
    'grant-register.read-model.ts',
    'grant-register.spec.ts',
    'grant.contract.ts',
    'grant.decider.spec.ts',
    'grant.decider.ts',
    'grant.events.ts',
    'grant.http.spec.ts',
    'grant.http.ts',
    'grant.module.ts',
  ]);
  expect(readFileSync(path.join(fund, 'fund.module.ts'), 'utf8')).toContain(
    'slices: [GrantModule, MatchingRoundModule],',
  );
  expect(readFileSync(path.join(fund, 'index.ts'), 'utf8')).toContain("export { grant } from './grant/grant.decider';");
  run('prettier/bin/prettier.cjs', '--check', 'apps/fund/src', 'apps/fund/migrations');
  run('typescript/bin/tsc', '--project', 'apps/fund/tsconfig.json');
  run('eslint/bin/eslint.js', '--max-warnings', '0', 'apps/fund');
  run('dependency-cruiser/bin/dependency-cruise.mjs', '--include-only', '^apps/', 'apps');
  run('jest/bin/jest.js', 'apps/fund');
}, 900_000);

it.each([
  ['a service that is not there', 'treasury/grant', 'There is no service "treasury"'],
  ['a name that is not in kebab-case', 'fund/Grant', 'does not match'],
])(
  '%s is refused',
  (_, slice, reason) => {
    expect(() => generate(slice)).toThrow(reason);
  },
  300_000,
);
