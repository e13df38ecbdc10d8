import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notRun, type RunningKafka, startKafka, testCertificate, whatKafkaLacks } from '@alliance/embedded';
import { BusUnavailable } from '../bus';
import { eventually, numbered, read, unique } from '../contract-suite/bus-contract';
import { ensureTopics } from './ensure-topics';
import { KafkaBus } from './kafka-bus';
import type { KafkaCluster, KafkaSasl } from './kafka-client';

const user = { username: 'alliance', password: 'not-so-secret' };
const tls = { ca: testCertificate.certificate };

const mechanisms: readonly KafkaSasl['mechanism'][] = ['plain', 'scram-sha-256', 'scram-sha-512'];
const NAME = 'a Kafka behind TLS that asks for name and password';
const lack = whatKafkaLacks();

if (lack === undefined) {
  describe(NAME, () => {
    let dataDir: string;
    let kafka: RunningKafka;

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'kafka-secured-'));
      kafka = await startKafka({ dataDir, security: { ...testCertificate, ...user } });
    }, 180_000);

    afterAll(async () => {
      await kafka.stop();
      await rm(dataDir, { recursive: true, force: true });
    }, 30_000);

    const check = (cluster: Omit<KafkaCluster, 'brokers'>) => {
      const bus = KafkaBus.connect({
        brokers: kafka.securedBrokers,
        clientId: 'secured',
        timeoutMs: 5_000,
        ...cluster,
      });
      return bus.check().finally(() => bus.close());
    };

    it.each(mechanisms)('serves who has both, by %s', async (mechanism) => {
      const cluster = { brokers: kafka.securedBrokers, tls, sasl: { mechanism, ...user } };
      const topic = unique('topic');
      await ensureTopics({ ...cluster, replicationFactor: 1 }, [{ name: topic, partitions: 1, settings: {} }]);
      const bus = KafkaBus.connect({ ...cluster, clientId: 'secured' });
      try {
        const reader = read(bus, [topic]);
        await bus.publish(numbered(topic, ['a'], 2));
        await eventually(() => expect(reader.seen).toHaveLength(2));
        await bus.check();
      } finally {
        await bus.close();
      }
    });

    it.each<[string, Omit<KafkaCluster, 'brokers'>]>([
      ['a wrong password', { tls, sasl: { mechanism: 'scram-sha-512', ...user, password: 'guessed' } }],
      ['no name', { tls }],
      ['an issuer that is not trusted', { tls: {}, sasl: { mechanism: 'plain', ...user } }],
      ['no TLS', { sasl: { mechanism: 'plain', ...user } }],
    ])('is unavailable to who comes with %s', async (_, cluster) => {
      await expect(check(cluster)).rejects.toBeInstanceOf(BusUnavailable);
    });
  });
} else notRun(NAME, mechanisms.length + 4, lack);
