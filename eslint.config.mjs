import js from '@eslint/js';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { fileNameRule } from './infra/architecture/file-name.mjs';

// The module boundaries are read from Nx's cached graph; without one the rule would be skipped in silence.
await createProjectGraphAsync();

const specs = ['**/*.spec.ts', '**/*.given.ts', '**/*.journey.ts'];
const faces = ['apps/*/src/{index,events}.ts', 'libs/*/src/index.ts'];

/** Who may import whom. What a lib may take from npm holds for its code, not for its specs. */
const boundaries = ({ npm }) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    depConstraints: [
      { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: [], ...(npm && { allowedExternalImports: [] }) },
      {
        sourceTag: 'type:contract',
        onlyDependOnLibsWithTags: ['type:contract'],
        ...(npm && { allowedExternalImports: ['@sinclair/typebox', '@sinclair/typebox/*'] }),
      },
      { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:adapter'] },
      { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:adapter'] },
      {
        sourceTag: 'type:assembly',
        onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:adapter', 'type:service', 'type:assembly'],
      },
    ],
  },
];

const impure = {
  globals: [
    ...['Date', 'performance', 'process', 'crypto', 'console', 'fetch', 'globalThis', 'global', 'require', 'module'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ].map((name) => ({ name, message: 'A pure file gets time, chance and the world from its command.' })),
  properties: [{ object: 'Math', property: 'random', message: 'A pure file gets chance from its command.' }],
};

/** What a pure file may import: these packages, the events and deciders beside it, and neighbours without a role. */
const pureImports = (...packages) => [
  'error',
  {
    patterns: [
      {
        regex: `^(?!(${packages.join('|')})$|\\.{1,2}/([a-z0-9-]+/|\\.\\./)*[a-z0-9-]+(\\.(events|decider))?$)`,
        message: `A pure file may import ${packages.join(', ')} and pure neighbours only.`,
      },
    ],
  },
];
const kernel = ['@alliance/event-sourcing', '@alliance/calendar', '@alliance/region-keys', '@alliance/csv'];
const schemaLibrary = '@sinclair/typebox';

export default tseslint.config(
  { ignores: ['dist/', 'tmp/', '.nx/', '.alliance/', 'node_modules/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, alliance: { rules: { 'file-name': fileNameRule } } },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Deciders are objects of plain functions; `this` is used in classes only.
      '@typescript-eslint/unbound-method': 'off',
      '@nx/enforce-module-boundaries': boundaries({ npm: true }),
      'alliance/file-name': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
        { selector: 'ExportNamedDeclaration[source]', message: 'Only the public face of an app or lib re-exports.' },
      ],
    },
  },
  {
    files: faces,
    rules: {
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'Name what you export.' }],
    },
  },
  {
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ npm: false }),
      // What a reply or a matcher holds is any; the assertions are the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['libs/{event-sourcing,calendar,region-keys,csv}/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]', message: 'The kernel depends on nothing.' }] }],
    },
  },
  {
    files: ['libs/contracts/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: `^(?!${schemaLibrary}(/|$)|\\.)`, message: 'Contracts depend on their schema library only.' },
          ],
        },
      ],
    },
  },
  {
    // What has no role beside a slice's deciders is pure as they are: words and rules of the domain.
    files: [
      '**/*.{events,decider,contract,policy}.ts',
      'apps/{registry,capacity-matching,fund,working-groups,public-sector-liaison}/src/**/+([a-z0-9-]).ts',
    ],
    ignores: ['apps/*/src/{main,index}.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure.globals],
      'no-restricted-properties': ['error', ...impure.properties],
      'no-restricted-imports': pureImports(...kernel, schemaLibrary),
    },
  },
  {
    files: ['**/*.{contract,policy}.ts'],
    rules: { 'no-restricted-imports': pureImports(...kernel, schemaLibrary, '@alliance/contracts') },
  },
  prettier,
);
