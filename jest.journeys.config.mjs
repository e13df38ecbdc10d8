import unit from './jest.config.mjs';

/** @type {import('jest').Config} System tests: compiled services as separate processes on a real Kafka, one file at a time. */
const config = {
  ...unit,
  testMatch: ['<rootDir>/apps/journeys/**/*.journey.ts'],
  testTimeout: 120_000,
};

export default config;
