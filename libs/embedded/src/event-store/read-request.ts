import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { invalidArgument } from './grpc-refusal';
import type { LogIndex } from './log-index';
import { streamNameOf } from './proposals';

/** Where in the log or in a stream a reading begins; a number is a position or a revision. */
export type ReadFrom = 'start' | 'end' | number;

/** Which events of the log a reader wants, by sequence number. */
export type SequenceFilter = (sequence: number) => boolean;

export interface ReadRequest {
  /** `undefined` for the whole log. */
  readonly streamName: string | undefined;
  readonly from: ReadFrom;
  readonly backwards: boolean;
  /** `undefined` for a subscription. */
  readonly maxCount: number | undefined;
  readonly filter: SequenceFilter | undefined;
  /** After how many events, wanted or not, a filtered subscription tells how far it is. */
  readonly checkpointInterval: number;
  readonly structuredIds: boolean;
}

/** EventStoreDB's window when the client sets none. */
const DEFAULT_SEARCH_WINDOW = 32;

/** @throws GrpcRefusal when the request makes no sense. */
export function parseReadRequest(request: ReadReq, index: LogIndex): ReadRequest {
  const options = request.getOptions();
  if (options === undefined) throw invalidArgument('options are required');
  const stream = options.getStream();
  const all = options.getAll();
  if (stream === undefined && all === undefined) throw invalidArgument('either a stream or $all is to be read');
  const isSubscription = options.hasSubscription();
  if (!isSubscription && !options.hasCount()) throw invalidArgument('either a count or a subscription is required');
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  if (isSubscription && backwards) throw invalidArgument('a subscription reads forwards');
  const filter = options.getFilter();
  if (filter !== undefined && all === undefined) throw invalidArgument('only $all can be filtered');
  const window = filter?.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  return {
    streamName: stream === undefined ? undefined : streamNameOf(stream),
    from: readFrom(
      stream ?? all,
      stream?.hasRevision() ? stream.getRevision() : all?.getPosition()?.getCommitPosition(),
    ),
    backwards,
    maxCount: isSubscription ? undefined : Number(options.getCount()),
    filter: filter === undefined ? undefined : sequenceFilter(filter, index),
    checkpointInterval: Math.max(1, window * (filter?.getCheckpointintervalmultiplier() ?? 1)),
    structuredIds: options.getUuidOption()?.hasStructured() ?? false,
  };
}

function readFrom(
  options: { hasStart(): boolean; hasEnd(): boolean } | undefined,
  place: string | undefined,
): ReadFrom {
  if (place !== undefined) return Number(place);
  if (options?.hasStart()) return 'start';
  if (options?.hasEnd()) return 'end';
  throw invalidArgument('it is not said where to read from');
}

function sequenceFilter(filter: ReadReq.Options.FilterOptions, index: LogIndex): SequenceFilter {
  const byStream = filter.getStreamIdentifier();
  const byType = filter.getEventType();
  if (byStream !== undefined) {
    const matches = remembered(textFilter(byStream), (number) => index.streamName(number));
    return (sequence) => matches(index.streamNumber(sequence));
  }
  if (byType !== undefined) {
    const matches = remembered(textFilter(byType), (number) => index.typeName(number));
    return (sequence) => matches(index.typeNumber(sequence));
  }
  throw invalidArgument('a filter is by stream name or by event type');
}

function textFilter(expression: ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const pattern = expression.getRegex();
  if (pattern === '') {
    const prefixes = expression.getPrefixList();
    return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  }
  try {
    const regex = new RegExp(pattern);
    return (text) => regex.test(text);
  } catch {
    throw invalidArgument(`'${pattern}' is not a regular expression`);
  }
}

/** Each stream and each type is matched once only. */
function remembered(
  matches: (text: string) => boolean,
  textOf: (number: number) => string,
): (number: number) => boolean {
  const answers: (boolean | undefined)[] = [];
  return (number) => (answers[number] ??= matches(textOf(number)));
}
