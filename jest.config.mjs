import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} One run for the whole workspace, so that one Postgres cluster serves every test; `jest apps/registry/` narrows it. */
const config = {
  testMatch: ['<rootDir>/{apps,libs,infra}/**/*.spec.ts'],
  testEnvironment: 'node',
  // Most tests wait for a store, a database or a clock: of two cores one worker would leave the other idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2022',
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@alliance/(event-sourcing|calendar|region-keys|csv|contracts|event-store|event-bus|read-models|service-host|embedded|known-organisations|service-world|double-structures)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^@alliance/(registry|capacity-matching|fund|working-groups|public-sector-liaison|standalone|audit|journeys)$':
      '<rootDir>/apps/$1/src/index.ts',
    '^@alliance/(registry|capacity-matching|fund)/events$': '<rootDir>/apps/$1/src/events.ts',
  },
  globalSetup: '<rootDir>/libs/embedded/src/postgres/jest-global-setup.ts',
  globalTeardown: '<rootDir>/libs/embedded/src/postgres/jest-global-teardown.ts',
  // For a busy machine: the first test that asks for a database waits for the making of a cluster.
  testTimeout: 30_000,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/tmp/'],
  watchPathIgnorePatterns: ['<rootDir>/tmp/', '<rootDir>/.alliance/'],
};

export default config;
