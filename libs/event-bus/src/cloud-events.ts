import { formatPosition, type LogPosition, parsePosition } from '@alliance/event-sourcing';
import type { BusMessage } from './bus';
import type { CloudEvent } from './cloud-event';

/** What lies on the topic is no CloudEvent of this project. It will not get better by trying again. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** The message of a contract event: CloudEvents 1.0, Kafka binary mode, keyed by the stream's name. */
export function encodeCloudEvent(topic: string, event: CloudEvent): BusMessage {
  return {
    topic,
    key: event.subject,
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_subject: event.subject,
      ce_time: event.time,
      ce_streamrevision: event.streamRevision.toString(),
      ce_logposition: formatPosition(event.logPosition),
      ce_correlationid: event.correlationId,
      ...(event.traceparent === undefined ? {} : { ce_traceparent: event.traceparent }),
    },
    value: Buffer.from(JSON.stringify(event.data)),
  };
}

/** The type that a message says it has, well-formed or not. */
export function typeOfMessage(message: BusMessage): string | undefined {
  return message.headers['ce_type'];
}

/**
 * Reads what `encodeCloudEvent` writes. Attributes that it does not know are let pass, as CloudEvents wants.
 * @throws MalformedMessage
 */
export function decodeCloudEvent(message: BusMessage): CloudEvent {
  const { headers } = message;
  const attribute = (name: string, form: RegExp): string => {
    const value = headers[`ce_${name}`];
    if (value === undefined) throw new MalformedMessage(`The header ce_${name} is missing.`);
    if (!form.test(value)) throw new MalformedMessage(`The header ce_${name} is not of the form ${form.source}.`);
    return value;
  };
  attribute('specversion', /^1\.0$/);
  if (!JSON_CONTENT.test(headers['content-type'] ?? '')) {
    throw new MalformedMessage('The header content-type is not application/json.');
  }
  const subject = attribute('subject', TEXT);
  // Order and inbox are kept by key, so a key that is not the stream would break both without a sound.
  if (subject !== message.key) throw new MalformedMessage('The key of the message is not its ce_subject.');
  return {
    id: attribute('id', TEXT),
    source: attribute('source', TEXT),
    type: attribute('type', TEXT),
    subject,
    time: attribute('time', UTC_TIME),
    streamRevision: revisionOf(attribute('streamrevision', /^\d{1,19}$/)),
    logPosition: positionOf(attribute('logposition', TEXT)),
    correlationId: attribute('correlationid', FREE_TEXT),
    ...(headers['ce_traceparent'] === undefined ? {} : { traceparent: attribute('traceparent', FREE_TEXT) }),
    data: jsonOf(message.value),
  };
}

// Printable ASCII, as all of the project's ids and names are.
const TEXT = /^[\x21-\x7e]{1,500}$/;
// What a client may have chosen; control characters could neither be stored nor logged.
const FREE_TEXT = /^[^\p{Cc}\p{Cs}]{1,500}$/u;
const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;
const JSON_CONTENT = /^application\/json(;|$)/;
/** Revisions are signed 64-bit numbers, in the log and in Postgres. */
const MAX_REVISION = 2n ** 63n - 1n;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function revisionOf(text: string): bigint {
  const revision = BigInt(text);
  if (revision > MAX_REVISION) throw new MalformedMessage('The header ce_streamrevision is out of range.');
  return revision;
}

function positionOf(text: string): LogPosition {
  const position = parsePosition(text);
  if (position === undefined) throw new MalformedMessage('The header ce_logposition is no position.');
  return position;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new MalformedMessage('The body is not JSON in UTF-8.');
  }
}
