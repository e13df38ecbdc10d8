export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './postgres/embedded-postgres';
export { startEmbeddedPostgres } from './postgres/embedded-postgres';
export type { TestDatabase } from './postgres/test-database';
export { createTestDatabase } from './postgres/test-database';
export type { EmbeddedEventStore, EmbeddedEventStoreOptions } from './event-store/embedded-event-store';
export { startEmbeddedEventStore } from './event-store/embedded-event-store';
export type { RecordFileOptions } from './event-store/record-file';
export {
  NotARecordFileError,
  RecordFile,
  RecordFileDamagedError,
  RecordFileWriteError,
} from './event-store/record-file';
export { FileLockedError } from './event-store/process-lock';
export type { ServerSecurity } from './server-security';
export { testCertificate } from './test-certificate.given';
export { whatKafkaLacks } from './kafka/kafka-jars';
export { kafkaTests, notRun } from './kafka/kafka-tests';
export type { RunningKafka } from './kafka/start-kafka';
export { startKafka } from './kafka/start-kafka';
