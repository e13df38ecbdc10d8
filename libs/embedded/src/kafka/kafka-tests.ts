import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whatKafkaLacks } from './kafka-jars';
import { type RunningKafka, startKafka } from './start-kafka';

/**
 * Registers tests that need a real Kafka: that of KAFKA_BROKERS, else one that is started for them. Where neither can
 * be had, one line says how many tests were not run and why; with REQUIRE_KAFKA=1 that is a failure.
 */
export function kafkaTests(
  name: string,
  tests: Readonly<Record<string, (brokers: readonly string[]) => Promise<void>>>,
): void {
  const given = process.env.KAFKA_BROKERS ? process.env.KAFKA_BROKERS.split(',') : undefined;
  const lack = given === undefined ? whatKafkaLacks() : undefined;
  if (lack !== undefined) return notRun(name, Object.keys(tests).length, lack);

  describe(name, () => {
    let brokers = given ?? [];
    let own: { readonly kafka: RunningKafka; readonly dataDir: string } | undefined;

    beforeAll(async () => {
      if (given !== undefined) return;
      const dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
      own = { dataDir, kafka: await startKafka({ dataDir }) };
      brokers = [...own.kafka.brokers];
    }, 180_000);

    afterAll(async () => {
      await own?.kafka.stop();
      if (own) await rm(own.dataDir, { recursive: true, force: true });
    }, 30_000);

    for (const [rule, prove] of Object.entries(tests)) test(rule, () => prove(brokers), 60_000);
  });
}

/** Says in one line that tests were not run for want of something; a failure with REQUIRE_KAFKA=1. */
export function notRun(name: string, count: number, lack: string): void {
  const line = `${count} tests of ${name} were not run: ${lack}`;
  if (process.env.REQUIRE_KAFKA === '1') {
    test('a Kafka is there, as REQUIRE_KAFKA=1 demands', () => {
      throw new Error(line);
    });
  } else {
    process.stderr.write(`${line}\n`);
    // Jest wants a test in every file; this is the one kind that it counts as neither passed nor failed.
    test.todo(line);
  }
}
