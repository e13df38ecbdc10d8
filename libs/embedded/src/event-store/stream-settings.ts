/** What the metadata of a stream says about which of its events can be read. The rest of it ($acl, own fields) is only kept. */
export interface StreamSettings {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
  /** The first revision that can be read; `DELETED` when the stream is deleted softly. */
  readonly truncateBefore?: number;
  /** The metadata as it was written. */
  readonly json?: string;
}

/** `$tb` of a softly deleted stream is 2^63 - 1, which JSON.parse rounds up. */
export const DELETED = Number(2n ** 63n - 1n);

/** The metadata of a soft deletion, as EventStoreDB writes it. */
export const SOFT_DELETE_METADATA = '{"$tb":9223372036854775807}';

const METADATA_STREAM_PREFIX = '$$';

export function metadataStreamOf(streamName: string): string {
  return METADATA_STREAM_PREFIX + streamName;
}

/** The stream that a metadata stream is about; `undefined` for any other stream. */
export function streamDescribedBy(streamName: string): string | undefined {
  return streamName.startsWith(METADATA_STREAM_PREFIX) ? streamName.slice(METADATA_STREAM_PREFIX.length) : undefined;
}

/** Reads stream metadata. What is not JSON, or has no sense, sets nothing, as in EventStoreDB. */
export function parseStreamSettings(json: string): StreamSettings {
  const fields = new Map(Object.entries(parseObject(json)));
  return {
    json,
    maxCount: positive(fields.get('$maxCount')),
    maxAge: positive(fields.get('$maxAge')),
    truncateBefore: positive(fields.get('$tb')),
  };
}

/** The metadata with another `$tb`: what brings a deleted stream back without the events it had. */
export function withTruncateBefore(json: string | undefined, revision: number): string {
  return JSON.stringify({ ...parseObject(json ?? ''), $tb: revision });
}

function parseObject(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
