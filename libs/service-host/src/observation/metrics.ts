import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What one service counts, in Prometheus' form. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly httpSeconds = new Histogram({
    name: 'alliance_http_request_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: this.registers,
  });

  readonly commands = new Counter({
    name: 'alliance_commands_total',
    help: 'Commands by what became of them: accepted, the code of the refusal, or the name of the error.',
    labelNames: ['command', 'outcome'] as const,
    registers: this.registers,
  });

  readonly followerSeenAt = new Gauge({
    name: 'alliance_follower_seen_timestamp_seconds',
    help: 'When the last event or checkpoint of the log came to a follower (projection, relay, reactor).',
    labelNames: ['follower'] as const,
    registers: this.registers,
  });

  readonly followerFailures = new Gauge({
    name: 'alliance_follower_failures_in_a_row',
    help: 'How often a follower has failed since it last got on; 0 is well.',
    labelNames: ['follower'] as const,
    registers: this.registers,
  });

  readonly relayed = new Counter({
    name: 'alliance_relay_messages_total',
    help: 'Messages confirmed by the bus.',
    registers: this.registers,
  });

  readonly relayIsActive = new Gauge({
    name: 'alliance_relay_active',
    help: '1 in the process that publishes, 0 in those that stand by.',
    registers: this.registers,
  });

  readonly schedulerIsActive = new Gauge({
    name: 'alliance_scheduler_active',
    help: '1 in the process that gives commands by the clock, 0 in those that stand by.',
    registers: this.registers,
  });

  readonly scheduledCommands = new Counter({
    name: 'alliance_scheduled_commands_total',
    help: 'Commands that were due by the clock and have been given.',
    labelNames: ['schedule'] as const,
    registers: this.registers,
  });

  readonly tickedAt = new Gauge({
    name: 'alliance_schedule_ticked_timestamp_seconds',
    help: 'Until when all that was due by a schedule has had its command.',
    labelNames: ['schedule'] as const,
    registers: this.registers,
  });

  readonly scheduleFailures = new Counter({
    name: 'alliance_schedule_failures_total',
    help: 'How often a schedule could not ask what is due, or a command of it failed.',
    labelNames: ['schedule'] as const,
    registers: this.registers,
  });

  readonly consumed = new Counter({
    name: 'alliance_consumer_messages_total',
    help: 'Messages of the bus by what became of them: handled, seen-before, parked, unasked.',
    labelNames: ['topic', 'outcome'] as const,
    registers: this.registers,
  });

  readonly consumerLag = new Gauge({
    name: 'alliance_consumer_lag_messages',
    help: 'Messages on the bus that this service has not handled yet.',
    labelNames: ['topic'] as const,
    registers: this.registers,
  });

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Asks for the number of parked keys by topic with each scrape; a database that is down gives no figure. */
  watchParkedKeys(count: () => Promise<ReadonlyMap<string, number>>): void {
    new Gauge({
      name: 'alliance_parked_keys',
      help: 'Keys that are set aside because a message of theirs cannot be handled.',
      labelNames: ['topic'] as const,
      registers: this.registers,
      async collect() {
        this.reset();
        const counts = await count().catch(() => new Map<string, number>());
        for (const [topic, keys] of counts) this.set({ topic }, keys);
      },
    });
  }

  /** Adds memory, event loop and garbage collection; for a process that is this service alone. */
  collectOfProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
