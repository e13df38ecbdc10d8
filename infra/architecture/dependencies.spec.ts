import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** A small workspace: every file with what it imports; after `type`, only for its types. */
const tree: Readonly<Record<string, readonly string[]>> = {
  'libs/event-sourcing/src/index.ts': [],
  'libs/event-store/src/index.ts': ['./append'],
  'libs/event-store/src/append.ts': ['./encode', 'runtime-package', 'development-package', 'not-named-package'],
  'libs/event-store/src/encode.ts': ['./append'],
  'libs/event-store/src/append.spec.ts': ['development-package'],
  'libs/event-bus/src/index.ts': ['@alliance/event-store', '../../event-store/src/append', './no-such-file'],
  'apps/fund/src/index.ts': ['./fund.module'],
  'apps/fund/src/fund.module.ts': ['./pot/pot.module', './grant/grant.module'],
  'apps/fund/src/money.ts': [],
  'apps/fund/src/rounding.ts': ['node:fs'],
  'apps/fund/src/pot/pot.module.ts': [],
  'apps/fund/src/pot/pot.events.ts': ['@alliance/event-sourcing'],
  'apps/fund/src/pot/pot.decider.ts': ['./pot.events', '../money'],
  'apps/fund/src/pot/pot.vault.ts': [],
  'apps/fund/src/pot/pot.read-model.ts': ['@alliance/event-store', './pot.vault'],
  'apps/fund/src/pot/pot.http.ts': ['./pot.decider', './pot.vault', '@alliance/event-store'],
  'apps/fund/src/grant/grant.module.ts': ['../fund.module'],
  'apps/fund/src/grant/grant.events.ts': ['../rounding'],
  'apps/fund/src/grant/grant.decider.ts': ['./grant.events', '../pot/pot.events'],
  'apps/fund/src/grant/grant.http.ts': [
    '../pot/pot.events',
    '../pot/pot.read-model',
    '../pot/pot.decider',
    '../pot/pot.http',
    '../pot/pot.vault',
  ],
  'apps/fund/src/grant/grant.reactor.ts': ['type ../pot/pot.http'],
  'apps/fund/src/grant/grant.http.spec.ts': ['../fund.module', '../pot/pot.decider'],
  'apps/standalone/src/main.ts': ['@alliance/fund', '../../fund/src/pot/pot.http'],
};

const refused = [
  'named-in-package-json: libs/event-store/src/append.ts → node_modules/not-named-package/index.js',
  'no-cycle: apps/fund/src/fund.module.ts → apps/fund/src/grant/grant.module.ts',
  'no-cycle: libs/event-store/src/append.ts → libs/event-store/src/encode.ts',
  'no-development-dependency: libs/event-store/src/append.ts → node_modules/development-package/index.js',
  'public-face: apps/standalone/src/main.ts → apps/fund/src/pot/pot.http.ts',
  'public-face: libs/event-bus/src/index.ts → libs/event-store/src/append.ts',
  'pure-all-the-way: apps/fund/src/grant/grant.decider.ts → fs',
  'pure-all-the-way: apps/fund/src/grant/grant.events.ts → fs',
  'resolvable: libs/event-bus/src/index.ts → ./no-such-file',
  'slice-to-root: apps/fund/src/grant/grant.module.ts → apps/fund/src/fund.module.ts',
  'slice-to-slice: apps/fund/src/grant/grant.http.ts → apps/fund/src/pot/pot.decider.ts',
  'slice-to-slice: apps/fund/src/grant/grant.http.ts → apps/fund/src/pot/pot.http.ts',
  'slice-to-slice: apps/fund/src/grant/grant.http.ts → apps/fund/src/pot/pot.vault.ts',
  'slice-to-slice: apps/fund/src/grant/grant.reactor.ts → apps/fund/src/pot/pot.http.ts',
  'vault-apart: apps/fund/src/pot/pot.read-model.ts → apps/fund/src/pot/pot.vault.ts',
];

interface Cruise {
  readonly summary: { readonly violations: readonly { rule: { name: string }; from: string; to: string }[] };
}

describe('dependencies between files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dependencies-'));
    const write = (name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    };
    const lib = (name: string): object => ({ [`@alliance/${name}`]: [`./libs/${name}/src/index.ts`] });
    const paths = { ...lib('event-sourcing'), ...lib('event-store'), '@alliance/fund': ['./apps/fund/src/index.ts'] };
    write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', paths } }));
    write(
      'package.json',
      JSON.stringify({ dependencies: { 'runtime-package': '1' }, devDependencies: { 'development-package': '1' } }),
    );
    for (const name of ['runtime-package', 'development-package', 'not-named-package']) {
      write(`node_modules/${name}/index.js`, '');
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
    }
    for (const [name, imports] of Object.entries(tree)) {
      const lines = imports.map((each) =>
        each.startsWith('type ') ? `import type {} from '${each.slice(5)}';` : `import '${each}';`,
      );
      write(name, [...lines, 'export {};', ''].join('\n'));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses what the rules of the house forbid, and nothing else', () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        ...['--config', path.join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'apps', 'libs'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    const { violations } = (JSON.parse(stdout) as Cruise).summary;
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort()).toEqual(refused);
  }, 300_000);
});
