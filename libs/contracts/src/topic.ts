/** A topic that a service publishes to, with what it has to be created with. */
export interface Topic {
  /** `<service>.<aggregate>.v<version>` */
  readonly name: string;
  readonly description: string;
  /** Fixed for ever: another number would send a key to another partition and break the order of its events. */
  readonly partitions: number;
  /** The broker's settings for the topic, by Kafka's names. */
  readonly settings: {
    readonly 'cleanup.policy': 'delete' | 'compact';
    readonly 'retention.ms': string;
    readonly 'retention.bytes': string;
  };
}

/**
 * A topic that keeps everything for ever, since read models are rebuilt from it; not compacted, since the facts of a
 * key do not replace one another.
 */
export function infiniteTopic<const Name extends string>(name: Name, description: string): Topic & { name: Name } {
  return {
    name,
    description,
    partitions: 6,
    settings: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
  };
}
