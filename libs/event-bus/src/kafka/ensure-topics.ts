import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, ConfigResourceTypes, KafkaJSProtocolError } from 'kafkajs';
import type { KafkaCluster } from './kafka-client';
import { withAdmin } from './with-admin';

/** A topic as it should be. A contract's topic is one. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  /** The broker's settings for the topic, by Kafka's names. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface EnsuredTopic {
  readonly name: string;
  readonly outcome: 'created' | 'altered' | 'unchanged' | 'different';
  /** One sentence for each setting that was altered or, when `different`, for what cannot be made so. */
  readonly differences: readonly string[];
}

const WITHIN_MS = 30_000;
const RETRY_AFTER_MS = 100;
/** What a broker answers of a topic that the controller has created, but of which it has not heard yet. */
const NOT_KNOWN_YET: readonly string[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

/**
 * Creates the topics that are missing and gives those that exist the wanted settings; other settings of theirs stay.
 * Several may do so at the same time.
 * The number of partitions of a topic is never changed, since that would send keys to other partitions and break the
 * order of their messages: such a topic is reported as `different`. Rejects with `BusUnavailable`.
 */
export function ensureTopics(
  options: KafkaCluster & { readonly replicationFactor: number },
  topics: readonly WantedTopic[],
): Promise<readonly EnsuredTopic[]> {
  const address = { ...options, clientId: 'alliance-topics' };
  return withAdmin('The topics cannot be ensured', address, WITHIN_MS, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map(({ name, partitions, settings }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: options.replicationFactor,
          configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
        })),
      });
    }
    const until = Date.now() + WITHIN_MS;
    const ensured: EnsuredTopic[] = [];
    for (const topic of topics) {
      // Those just created, too: someone else may have been first, with other settings.
      const aligned = await onceKnown(() => align(admin, topic), until);
      const isCreated = missing.includes(topic) && aligned.outcome === 'unchanged';
      ensured.push(isCreated ? { ...aligned, outcome: 'created' } : aligned);
    }
    return ensured;
  });
}

/** Repeats the work until the broker knows the topic. Rejects with what it answers when that takes too long. */
async function onceKnown<Result>(work: () => Promise<Result>, until: number): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isEarly = error instanceof KafkaJSProtocolError && NOT_KNOWN_YET.includes(error.type);
      if (!isEarly || Date.now() >= until) throw error;
      await sleep(RETRY_AFTER_MS);
    }
  }
}

async function align(admin: Admin, { name, partitions, settings }: WantedTopic): Promise<EnsuredTopic> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const actual = topics[0]?.partitions.length;
  if (actual !== partitions) {
    const differences = [`It has ${actual} partitions instead of ${partitions}, which cannot be changed.`];
    return { name, outcome: 'different', differences };
  }
  const type = ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name }] });
  const present = resources[0]?.configEntries ?? [];
  const differences = Object.entries(settings).flatMap(([setting, wanted]) => {
    const value = present.find((entry) => entry.configName === setting)?.configValue;
    return value === wanted ? [] : [`${setting} was ${value} and is now ${wanted}.`];
  });
  if (differences.length === 0) return { name, outcome: 'unchanged', differences };
  // This request replaces all that was ever set for the topic, so what others have set goes along.
  const configEntries = new Map<string, string>();
  for (const { configName, configValue, isDefault } of present)
    if (!isDefault) configEntries.set(configName, configValue);
  for (const [setting, wanted] of Object.entries(settings)) configEntries.set(setting, wanted);
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name, configEntries: [...configEntries].map(([key, value]) => ({ name: key, value })) }],
  });
  return { name, outcome: 'altered', differences };
}
