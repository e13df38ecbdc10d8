import { systemClock } from '@alliance/event-sourcing';
import { InProcessBus } from '../in-process/in-process-bus';
import { busContract, unique } from './bus-contract';

// The same rules run over Kafka in `../kafka/kafka.spec.ts`.
describe('the bus contract, in process:', () => {
  test.each(Object.entries(busContract))('%s', async (_, prove) => {
    const bus = InProcessBus.inMemory(systemClock);
    await prove({ bus, createTopic: async () => unique('topic') }).finally(() => bus.close());
  });
});
