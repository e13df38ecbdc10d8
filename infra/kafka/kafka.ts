import { join } from 'node:path';
import { startKafka } from '@alliance/embedded';

/** `npm run kafka`: a real broker until Ctrl-C. Settings: KAFKA_DATA_DIR, KAFKA_PORT. */
async function main(): Promise<void> {
  const dataDir = process.env.KAFKA_DATA_DIR || join('.alliance', 'kafka');
  const port = Number(process.env.KAFKA_PORT || 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('KAFKA_PORT is no port number.');

  const kafka = await startKafka({ dataDir, port, log: (line) => console.log(line) });
  console.log(`KAFKA_BROKERS=${kafka.brokers.join(',')}   data in ${dataDir}, Ctrl-C stops it`);

  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.log('Stopping Kafka …');
      void kafka.stop();
    });
  }
  const lastWords = await kafka.ended;
  if (!stopping) throw new Error(`Kafka has ended by itself.\n${lastWords}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
