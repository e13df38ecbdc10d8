import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What one service counts, in Prometheus' form. */
export class Metrics {
  readonly registry = new Registry();

  readonly httpSeconds = new Histogram({
    name: 'alliance_http_request_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  readonly commands = new Counter({
    name: 'alliance_commands_total',
    help: 'Commands by what became of them: accepted, the code of the refusal, or the error.',
    labelNames: ['command', 'outcome'] as const,
    registers: [this.registry],
  });

  readonly followerSeenAt = new Gauge({
    name: 'alliance_follower_seen_timestamp_seconds',
    help: 'When a follower of the log (a projection, the relay) last came to the end of a batch.',
    labelNames: ['follower'] as const,
    registers: [this.registry],
  });

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds memory, event loop and garbage collection; for a process that is this service alone. */
  collectOfProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
