import {
  BusServer,
  type CloudEvent,
  type ConsumerReport,
  listParked,
  postgresInbox,
  postgresParking,
} from '@alliance/event-bus';
import { PostgresRows } from '@alliance/read-models';
import { type MessageHandler, type MsPattern } from '@nestjs/microservices';
import { SpanKind } from '@opentelemetry/api';
import { isObservable, lastValueFrom } from 'rxjs';
import type { DataSource } from 'typeorm';
import { traced } from '../observation/tracing';
import type { ServiceParts } from './service-parts';

/** The service's member of its consumer group, counted, logged and traced. */
export function createConsumer(parts: ServiceParts, database: DataSource): BusServer {
  const { definition, bus, clock, metrics } = parts;
  const rows = new PostgresRows(database);
  metrics.watchParkedKeys(async () => {
    const byTopic = new Map<string, number>();
    for (const { topic } of await listParked({ rows, parking: postgresParking, inbox: postgresInbox, clock })) {
      byTopic.set(topic, (byTopic.get(topic) ?? 0) + 1);
    }
    return byTopic;
  });
  return new TracedBusServer({
    group: definition.name,
    contracts: definition.consumes,
    bus,
    rows,
    inbox: postgresInbox,
    parking: postgresParking,
    clock,
    observe: (report) => observe(report, parts),
  });
}

/** Runs each handler in a span of the event that it handles. */
class TracedBusServer extends BusServer {
  override addHandler(pattern: MsPattern, handler: MessageHandler, isEventHandler = false): void {
    const traceHandler: MessageHandler<CloudEvent> = (event, context) =>
      traced(event.type, { kind: SpanKind.CONSUMER, traceparent: event.traceparent }, async () => {
        const result: unknown = await handler(event, context);
        return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
      });
    super.addHandler(pattern, traceHandler, isEventHandler);
  }
}

function observe(report: ConsumerReport, { log, metrics }: ServiceParts): void {
  switch (report.kind) {
    case 'consumed': {
      const { topic, handled, seenBefore, parked, unasked } = report;
      metrics.consumed.inc({ topic, outcome: 'handled' }, handled);
      metrics.consumed.inc({ topic, outcome: 'seen-before' }, seenBefore);
      metrics.consumed.inc({ topic, outcome: 'parked' }, parked);
      metrics.consumed.inc({ topic, outcome: 'unasked' }, unasked);
      return;
    }
    case 'parked': {
      const { topic, key, partition, offset } = report.message;
      const correlationId = report.message.headers['ce_correlationid'];
      const place = { topic, key, partition, offset: String(offset) };
      log.error({ correlationId, ...place, reason: report.reason }, 'a key was parked');
      return;
    }
    case 'retrying':
      log.warn({ err: report.error, failuresInARow: report.failuresInARow }, 'the consumer tries again');
      return;
    case 'lag':
      for (const [topic, messages] of report.lag) metrics.consumerLag.set({ topic }, Number(messages));
  }
}
