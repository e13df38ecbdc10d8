export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './postgres/embedded-postgres';
export { startEmbeddedPostgres } from './postgres/embedded-postgres';
export type { TestDatabase } from './postgres/test-database';
export { createTestDatabase } from './postgres/test-database';
