import { spawnSync } from 'node:child_process';
import path from 'node:path';

interface Case {
  readonly rule: string;
  readonly says: string;
  readonly file: string;
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

const boundaries = '@nx/enforce-module-boundaries';
const use = (name: string): string => `import { it } from '${name}';\nit();\n`;
const decider = 'apps/fund/src/grant/grant.decider.ts';

const cases: readonly Case[] = [
  {
    rule: 'no-restricted-imports',
    says: 'the kernel depends on nothing',
    file: 'libs/event-sourcing/src/stream-name.ts',
    refused: [use('rxjs'), use('node:crypto'), use('@alliance/event-store')],
    accepted: [use('./event')],
  },
  {
    rule: boundaries,
    says: 'the kernel knows no other lib',
    file: 'libs/event-sourcing/src/stream-name.ts',
    refused: [use('@alliance/event-store'), use('@alliance/contracts'), use('rxjs')],
    accepted: [use('./event')],
  },
  {
    rule: 'no-restricted-imports',
    says: 'what a region key is depends on nothing either',
    file: 'libs/region-keys/src/region-key.ts',
    refused: [use('class-validator'), use('node:util'), use('@alliance/event-sourcing')],
    accepted: [use('./region-ladder')],
  },
  {
    rule: 'no-restricted-imports',
    says: 'nor does the calendar',
    file: 'libs/calendar/src/calendar.ts',
    refused: [use('node:util'), use('@alliance/event-sourcing')],
    accepted: [use('./week')],
  },
  {
    rule: 'no-restricted-imports',
    says: 'contracts depend on their schema library only',
    file: 'libs/contracts/src/fund/grant.v1.ts',
    refused: [use('ajv'), use('node:fs'), use('@alliance/event-sourcing')],
    accepted: [use('@sinclair/typebox'), use('@sinclair/typebox/value'), use('../topic')],
  },
  {
    rule: boundaries,
    says: 'contracts know no other lib',
    file: 'libs/contracts/publishing/golden.ts',
    refused: [use('@alliance/event-sourcing'), use('@alliance/fund'), use('ajv')],
    accepted: [use('@sinclair/typebox'), use('../src/contract')],
  },
  {
    rule: boundaries,
    says: 'an adapter knows no service',
    file: 'libs/event-store/src/append.ts',
    refused: [use('@alliance/registry'), use('@alliance/standalone')],
    accepted: [use('@alliance/event-sourcing'), use('@alliance/contracts'), use('@eventstore/db-client')],
  },
  {
    rule: boundaries,
    says: 'a service knows no other app',
    file: 'apps/fund/src/grant/grant.http.ts',
    refused: [use('@alliance/registry'), use('@alliance/standalone'), use('../../../registry/src/index')],
    accepted: [use('@alliance/event-sourcing'), use('@alliance/service-host'), use('./grant.decider')],
  },
  {
    rule: boundaries,
    says: 'an assembly uses the public face of a service, not its rooms',
    file: 'apps/standalone/src/all-services.ts',
    refused: [use('../../fund/src/grant/grant.decider')],
    accepted: [use('@alliance/fund'), use('@alliance/embedded')],
  },
  {
    rule: boundaries,
    says: 'a lib is imported by its name',
    file: 'libs/event-bus/src/relay.ts',
    refused: [use('../../event-sourcing/src/clock')],
    accepted: [use('@alliance/event-sourcing')],
  },
  ...['events', 'decider'].map((role) => ({
    rule: 'no-restricted-imports',
    says: `.${role} knows the kernel, the schema library and pure neighbours`,
    file: `apps/fund/src/grant/grant.${role}.ts`,
    refused: [
      ...['@nestjs/common', 'node:crypto', 'crypto', 'typeorm', '@alliance/event-store', '@alliance/contracts'].map(
        use,
      ),
      ...['./grant.http', '../pot/pot.read-model', './grant.contract'].map(use),
      "import type { Injectable } from '@nestjs/common';\nexport type It = Injectable;\n",
    ],
    accepted: [
      ...['@alliance/event-sourcing', '@alliance/calendar', '@alliance/region-keys', '@sinclair/typebox'],
      ...['./grant.events', '../pot/pot.events', '../money'],
    ].map(use),
  })),
  ...['contract', 'policy'].map((role) => ({
    rule: 'no-restricted-imports',
    says: `.${role} knows contracts besides`,
    file: `apps/fund/src/grant/grant.${role}.ts`,
    refused: ['@nestjs/common', 'node:crypto', '@alliance/event-bus', './grant.http'].map(use),
    accepted: ['@alliance/contracts', '@alliance/event-sourcing', '@sinclair/typebox', './grant.events'].map(use),
  })),
  {
    rule: 'no-restricted-imports',
    says: 'a file without a role in a service is a pure neighbour',
    file: 'apps/fund/src/money.ts',
    refused: [use('@nestjs/common'), use('node:fs')],
    accepted: [use('@alliance/calendar'), use('./interest')],
  },
  ...[
    decider,
    'apps/fund/src/grant/grant.events.ts',
    'apps/fund/src/grant/grant.policy.ts',
    'apps/fund/src/money.ts',
  ].map((file) => ({
    rule: 'no-restricted-globals',
    says: `${path.basename(file)} has no clock, no process and no wire`,
    file,
    refused: [
      ...['new Date()', 'Date.now()', 'process.env.MODE', 'fetch', 'crypto.randomUUID()', 'performance.now()'],
      ...['setTimeout', 'setImmediate', 'console.log', 'globalThis.Date'],
    ].map((expression) => `export const it = () => ${expression};\n`),
    accepted: ['export const at = (command: { at: string }) => command.at;\n'],
  })),
  {
    rule: 'no-restricted-properties',
    says: 'a decider has no dice',
    file: decider,
    refused: ['export const it = () => Math.random();\n', 'const { random } = Math;\nexport const it = random;\n'],
    accepted: ['export const it = (a: number) => Math.max(a, 0);\n'],
  },
  {
    rule: 'no-new-func',
    says: 'no code is made of text',
    file: decider,
    refused: ["export const it = new Function('return 1');\n"],
    accepted: ['export const it = () => 1;\n'],
  },
  {
    rule: 'no-restricted-exports',
    says: 'nothing is exported by default',
    file: 'apps/fund/src/grant/grant.module.ts',
    refused: ['export default class GrantModule {}\n', 'const it = 1;\nexport { it as default };\n'],
    accepted: ['export class GrantModule {}\n'],
  },
  {
    rule: 'no-restricted-syntax',
    says: 'only a public face re-exports',
    file: 'apps/fund/src/grant/grant.module.ts',
    refused: ["export * from './grant.http';\n", "export { Grant } from './grant.http';\n"],
    accepted: ["import { Grant } from './grant.http';\nexport const grant = new Grant();\n"],
  },
  {
    rule: 'no-restricted-syntax',
    says: 'a public face names what it exports',
    file: 'apps/fund/src/index.ts',
    refused: ["export * from './fund.module';\n"],
    accepted: ["export { FundModule } from './fund.module';\n"],
  },
  ...['apps/fund/src/grant/index.ts', 'libs/event-bus/index.ts', 'infra/index.ts'].map(barrelCase),
  ...['GrantDecider.ts', 'grant_decider.ts', 'grant.helper.ts', 'grant.service.ts', 'grantDecider.spec.ts'].map(
    nameCase,
  ),
  {
    rule: 'max-lines',
    says: 'a file can be read in one go',
    file: 'libs/event-bus/src/relay.ts',
    refused: ['export const it = [\n' + '  1,\n'.repeat(400) + '];\n'],
    accepted: ['export const it = [\n' + '  1,\n'.repeat(300) + '];\n'],
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    says: 'no promise is forgotten',
    file: 'libs/event-bus/src/relay.ts',
    refused: ['async function send() {}\nexport function it() {\n  send();\n}\n'],
    accepted: ['async function send() {}\nexport async function it() {\n  await send();\n}\n'],
  },
  {
    rule: '@typescript-eslint/no-misused-promises',
    says: 'no promise is taken for a truth',
    file: 'libs/event-bus/src/relay.ts',
    refused: ['export function it(ready: Promise<boolean>) {\n  if (ready) return 1;\n  return 2;\n}\n'],
    accepted: ['export async function it(ready: Promise<boolean>) {\n  if (await ready) return 1;\n  return 2;\n}\n'],
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    says: 'a switch knows every case',
    file: decider,
    refused: [
      "export function it(a: 'x' | 'y') {\n  switch (a) {\n    case 'x':\n      return 1;\n  }\n  return 2;\n}\n",
    ],
    accepted: ["export function it(a: 'x') {\n  switch (a) {\n    case 'x':\n      return 1;\n  }\n}\n"],
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    says: 'nothing is any',
    file: decider,
    refused: ['export const it = (a: any): unknown => a;\n'],
    accepted: ['export const it = (a: unknown): unknown => a;\n'],
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    says: 'no comment switches a rule off',
    file: decider,
    refused: ['// eslint-disable-next-line\nexport const it = (a: any): unknown => a;\n'],
    accepted: [],
  },
  {
    rule: '@typescript-eslint/ban-ts-comment',
    says: 'no comment silences the compiler',
    file: decider,
    refused: [
      '// @ts-expect-error: it is said\nexport const it: string = 1;\n',
      '// @ts-ignore\nexport const it: string = 1;\n',
    ],
    accepted: ["export const it: string = '1';\n"],
  },
];

function barrelCase(file: string): Case {
  const code = 'export const it = 1;\n';
  return { rule: 'alliance/file-name', says: `${file} is no public face`, file, refused: [code], accepted: [] };
}

function nameCase(name: string): Case {
  const code = 'export const it = 1;\n';
  const file = `apps/fund/src/grant/${name}`;
  return { rule: 'alliance/file-name', says: `${name} is no name for a file`, file, refused: [code], accepted: [] };
}

const goodNames = [
  ...['fund.module.ts', 'fund.config.ts', 'main.ts', 'index.ts', 'money.ts', 'grant/grant.decider.spec.ts'],
  ...['grant/grant-register.read-model.ts', 'grant/grant-register.spec.ts', 'freeze/freeze.reactor.ts'],
].map((name) => ({ file: `apps/fund/src/${name}`, code: 'export const it = 1;\n' }));

interface Fault {
  readonly rule: string | null;
  readonly message: string;
}

function lint(snippets: readonly { file: string; code: string }[]): readonly (readonly Fault[])[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(__dirname, 'lint-snippets.mjs')], {
    cwd: path.join(__dirname, '../..'),
    input: JSON.stringify(snippets),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`The linter failed: ${stderr}`);
  return JSON.parse(stdout) as (readonly Fault[])[];
}

describe('the rules of the house', () => {
  const snippets = cases.flatMap(({ file, refused, accepted }) =>
    [...refused, ...accepted].map((code) => ({ file, code })),
  );
  let faults: readonly (readonly Fault[])[];
  const faultsOf = (file: string, code: string) =>
    faults[[...snippets, ...goodNames].findIndex((each) => each.file === file && each.code === code)] ?? [];

  beforeAll(() => {
    faults = lint([...snippets, ...goodNames]);
  }, 300_000);

  it('read every snippet', () => {
    expect(faults.flat().filter((fault) => fault.rule === 'fatal')).toEqual([]);
  });

  it.each(cases)('$says ($rule)', ({ rule, file, refused, accepted }) => {
    for (const code of refused) {
      expect({ code, rules: faultsOf(file, code).map((fault) => fault.rule) }).toEqual({
        code,
        rules: expect.arrayContaining([rule]),
      });
    }
    for (const code of accepted) {
      expect({ code, faults: faultsOf(file, code).filter((fault) => fault.rule === rule) }).toEqual({
        code,
        faults: [],
      });
    }
  });

  it('a file is named after its slice and its role', () => {
    for (const { file, code } of goodNames)
      expect({ file, faults: faultsOf(file, code) }).toEqual({ file, faults: [] });
  });
});
