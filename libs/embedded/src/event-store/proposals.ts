import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { AppendRequest, ExpectedRevision } from './appender';
import type { ProposedEvent } from './event-codec';
import { invalidArgument, maximumAppendSizeExceeded, requiredMetadataPropertyMissing } from './grpc-refusal';

/** EventStoreDB's default: what one append may weigh, counted as EventStoreDB counts it. */
export const MAX_APPEND_BYTES = 1024 * 1024;

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** UUID in lower case with hyphens, from either of the two forms of the wire. */
export function uuidText(uuid: UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (structured === undefined) {
    const text = (uuid?.getString() ?? '').toLowerCase();
    if (!UUID_TEXT.test(text)) throw invalidArgument(`'${text}' is not a UUID`);
    return text;
  }
  const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits());
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The name that a request gives a stream. */
export function streamNameOf(options: {
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
}): string {
  const name = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
  if (name === '' || name === '$all') throw invalidArgument(`'${name}' is not the name of a stream`);
  return name;
}

interface ExpectedOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** What a request expects of the stream; `revision` is its number if it gives one. */
export function expectedRevisionOf(options: ExpectedOptions, revision: string | undefined): ExpectedRevision {
  if (revision !== undefined) return Number(revision);
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  throw invalidArgument('an expected revision is required');
}

/** The events of one append as they come in. */
export class Proposals {
  private readonly events: ProposedEvent[] = [];
  private bytes = 0;

  /** @throws GrpcRefusal when it is not an event, or when the append becomes too large. */
  add(message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): void {
    const metadata = message.getMetadataMap();
    const type = metadata.get('type');
    const contentType = metadata.get('content-type');
    if (type === undefined) throw requiredMetadataPropertyMissing('type');
    if (contentType === undefined) throw requiredMetadataPropertyMissing('content-type');
    if (type === '') throw invalidArgument('an event type may not be empty');
    const data = message.getData_asU8();
    const customMetadata = message.getCustomMetadata_asU8();
    this.bytes += data.length + customMetadata.length + 2 * type.length;
    if (this.bytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded(MAX_APPEND_BYTES);
    this.events.push({
      id: uuidText(message.getId()),
      type,
      contentType: storedContentType(contentType),
      data,
      customMetadata,
    });
  }

  request(streamName: string, expected: ExpectedRevision): AppendRequest {
    return { streamName, expected, events: this.events };
  }
}

/** EventStoreDB keeps of the content type only whether it is JSON. */
function storedContentType(contentType: string): string {
  return contentType === 'application/json' ? contentType : 'application/octet-stream';
}
