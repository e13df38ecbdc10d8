import type { Contract } from '../src/contract';
import type { Topic } from '../src/topic';
import { dataSchemaOf } from './golden';

const utcTime = { type: 'string', format: 'date-time' };
const decimal = { type: 'string', pattern: '^\\d+$' };

/** The headers of every message: CloudEvents 1.0 in Kafka's binary content mode, with the project's extensions. */
function cloudEventHeaders(contract: Contract): object {
  return {
    type: 'object',
    required: [
      ...['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'content-type'],
      ...['ce_streamrevision', 'ce_logposition', 'ce_correlationid'],
    ],
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: { type: 'string', description: 'Unique for the source; a repeat of a message has the same.' },
      ce_source: { const: `/${contract.type.split('.')[0]}` },
      ce_type: { const: contract.type },
      ce_subject: { type: 'string', description: 'What it is about; also the key of the message.' },
      ce_time: { ...utcTime, description: 'When it happened.' },
      'content-type': { const: 'application/json' },
      ce_streamrevision: { ...decimal, description: 'Its place in the history of its subject; may leave gaps.' },
      ce_logposition: {
        type: 'string',
        pattern: '^\\d+/\\d+$',
        description: 'Its place in the log of the source: commit and prepare position.',
      },
      ce_correlationid: { type: 'string', description: 'The same in everything that one request set in motion.' },
      ce_traceparent: { type: 'string', description: 'W3C trace context, when the request was traced.' },
    },
  };
}

/** The AsyncAPI 3.0 document of everything that is published: one channel a topic, one message a type. */
export function asyncApiOf(contracts: readonly Contract[], topics: readonly Topic[]): object {
  const messagesOf = (topic: Topic): readonly Contract[] => contracts.filter((each) => each.topic === topic.name);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'What the services of the Alliance4Ukraine publish',
      version: '1',
      description:
        'Facts, for everyone: CloudEvents on Kafka, at least once, in order for each key, kept for ever. ' +
        'Readers let pass properties they do not know. A breaking change comes as a new type beside the old.',
    },
    defaultContentType: 'application/json',
    channels: byName(
      topics,
      ({ name }) => name,
      (topic) => ({
        address: topic.name,
        description: topic.description,
        messages: byName(
          messagesOf(topic),
          ({ type }) => type,
          (contract) => ({
            $ref: `#/components/messages/${contract.type}`,
          }),
        ),
        bindings: {
          kafka: {
            topic: topic.name,
            partitions: topic.partitions,
            topicConfiguration: topicConfiguration(topic),
            bindingVersion: '0.5.0',
          },
        },
      }),
    ),
    operations: byName(
      topics,
      ({ name }) => `publish.${name}`,
      (topic) => ({
        action: 'send',
        channel: { $ref: `#/channels/${topic.name}` },
        messages: messagesOf(topic).map((each) => ({ $ref: `#/channels/${topic.name}/messages/${each.type}` })),
      }),
    ),
    components: {
      messages: byName(
        contracts,
        ({ type }) => type,
        (contract) => ({
          name: contract.type,
          description: contract.description,
          contentType: 'application/json',
          headers: cloudEventHeaders(contract),
          payload: dataSchemaOf(contract),
          bindings: { kafka: { key: { type: 'string' }, bindingVersion: '0.5.0' } },
        }),
      ),
    },
  };
}

function topicConfiguration({ settings }: Topic): object {
  return {
    'cleanup.policy': [settings['cleanup.policy']],
    'retention.ms': Number(settings['retention.ms']),
    'retention.bytes': Number(settings['retention.bytes']),
  };
}

function byName<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  valueOf: (item: Item) => object,
): Readonly<Record<string, object>> {
  return Object.fromEntries(items.map((item) => [nameOf(item), valueOf(item)]));
}
