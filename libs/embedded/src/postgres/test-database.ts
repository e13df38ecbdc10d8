import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { TEST_CLUSTER_BROKER } from './test-cluster';

/** An empty database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, breaking off connections that are still open. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database on the run's server, or on the one that `TEST_POSTGRES_URL` names (its user must be allowed
 * to make databases). It holds what a new database in production holds: extensions are for migrations to create.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function serverUrl(): Promise<string> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return given;
  const broker = process.env[TEST_CLUSTER_BROKER];
  if (!broker) throw new Error('There is no Postgres server for tests: run them with Jest, or set TEST_POSTGRES_URL.');
  const response = await fetch(broker);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

async function execute(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
