import { kafkaTests } from '@alliance/embedded';
import { busContract, type BusWorld, unique } from '../contract-suite/bus-contract';
import { ensureTopics } from './ensure-topics';
import { KafkaBus } from './kafka-bus';

/** One broker for all that concerns Kafka. */
kafkaTests('Kafka', {
  ...onKafka('the bus contract: ', busContract),
});

function onKafka(
  prefix: string,
  rules: Readonly<Record<string, (world: BusWorld) => Promise<void>>>,
): Record<string, (brokers: readonly string[]) => Promise<void>> {
  return Object.fromEntries(
    Object.entries(rules).map(([rule, prove]) => [
      prefix + rule,
      async (brokers: readonly string[]) => {
        const bus = KafkaBus.connect({ brokers, clientId: 'contract' });
        const createTopic = async (partitions: number): Promise<string> => {
          const name = unique('topic');
          await ensureTopics({ brokers, replicationFactor: 1 }, [{ name, partitions, settings: {} }]);
          return name;
        };
        try {
          await prove({ bus, createTopic });
        } finally {
          await bus.close();
        }
      },
    ]),
  );
}
