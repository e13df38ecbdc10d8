import type { Bus, BusMessage, BusSubscription } from '../bus';
import type { KafkaAddress } from './kafka-client';
import { KafkaPublisher } from './kafka-publisher';
import { type KafkaReport, KafkaSubscription } from './kafka-subscription';
import { withAdmin } from './with-admin';

export interface KafkaBusOptions extends KafkaAddress {
  /** How long `publish`, `check` and `lag` wait for the broker before they give up; 10 s by default. */
  readonly timeoutMs?: number;
  readonly observe?: (report: KafkaReport) => void;
}

/** The bus over Apache Kafka. Topics must exist (`ensureTopics`); it never creates one. */
export class KafkaBus implements Bus {
  private readonly publisher: KafkaPublisher;
  private readonly subscriptions = new Set<KafkaSubscription>();
  private readonly timeoutMs: number;

  private constructor(private readonly options: KafkaBusOptions) {
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.publisher = new KafkaPublisher(options, this.timeoutMs);
  }

  /** Connects when it is first used, and again whenever it has to: a broker that is down does not hinder a start. */
  static connect(options: KafkaBusOptions): KafkaBus {
    return new KafkaBus(options);
  }

  publish(messages: readonly BusMessage[]): Promise<void> {
    return this.publisher.publish(messages);
  }

  /** Resolves at once; joins the group as soon as the broker can be reached and the topics exist. */
  subscribe(options: Parameters<Bus['subscribe']>[0]): Promise<BusSubscription> {
    const { observe = () => undefined } = this.options;
    const subscription = new KafkaSubscription({
      ...options,
      address: this.options,
      timeoutMs: this.timeoutMs,
      observe,
    });
    this.subscriptions.add(subscription);
    return Promise.resolve(subscription);
  }

  async check(): Promise<void> {
    await withAdmin('Kafka cannot be reached', this.options, this.timeoutMs, (admin) => admin.describeCluster());
  }

  async close(): Promise<void> {
    await Promise.all([this.publisher.close(), ...[...this.subscriptions].map((subscription) => subscription.stop())]);
  }
}
