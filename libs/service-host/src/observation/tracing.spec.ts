import type { EmbeddedEventStore } from '@alliance/embedded';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { eventually, startStore, World } from '../host/sample-world.given';
import { startTracing } from './tracing';

describe('a trace', () => {
  let eventStore: EmbeddedEventStore;
  beforeAll(async () => {
    eventStore = await startStore();
  });
  afterAll(() => eventStore.stop());

  it('leads from the request over the command and the log to the consumer of the published event', async () => {
    const collector = new InMemorySpanExporter();
    const finished: ReturnType<InMemorySpanExporter['getFinishedSpans']> = [];
    // The exporter forgets what it has when it is shut down.
    collector.shutdown = () => Promise.resolve(void finished.push(...collector.getFinishedSpans()));
    const tracing = startTracing('sample', collector);
    const world = await World.start(eventStore);
    await world.service.started;
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await world.open('traced', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    let recorded = '';
    await eventually(
      () => world.rows<{ traceparent: string }>(`SELECT traceparent FROM known_counter WHERE name = 'traced'`),
      (rows) => expect((recorded = rows[0]?.traceparent ?? '')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)),
    );
    await world.stop();
    await tracing.stop();

    const named = (name: string) => finished.filter((span) => span.name === name);
    const [request] = named('POST /sample/counters');
    expect(request?.parentSpanContext).toMatchObject({ traceId, spanId: 'b7ad6b7169203331' });
    const requestId = request?.spanContext().spanId ?? 'none';
    expect(recorded).toContain(requestId);
    expect(named('OpenCounter').map((span) => span.parentSpanContext?.spanId)).toContain(requestId);
    const links = named('sample.CounterOpened.v1').flatMap((span) => span.links.map(({ context }) => context));
    expect(links).toContainEqual(expect.objectContaining({ traceId, spanId: requestId }));
  });
});
