import type { LogPosition } from '@alliance/event-sourcing';
import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';

const { Options } = ReadReq;
const { AllOptions, FilterOptions, Position, StreamOptions, SubscriptionOptions, UUIDOption } = Options;

const NOTHING = new Empty();
const ALL_THERE_ARE = String(Number.MAX_SAFE_INTEGER);

/** A stream forwards, from a revision on (`undefined`: from its start). */
export function readStreamRequest(streamName: string, fromRevision: bigint | undefined): ReadReq {
  const identifier = new StreamIdentifier().setStreamName(Buffer.from(streamName));
  const stream = new StreamOptions().setStreamIdentifier(identifier);
  if (fromRevision === undefined) stream.setStart(NOTHING);
  else stream.setRevision(String(fromRevision));
  return requestOf(options().setStream(stream).setCount(ALL_THERE_ARE).setNoFilter(NOTHING));
}

/** The last event of the whole log. */
export function readLastRequest(): ReadReq {
  const all = new AllOptions().setEnd(NOTHING);
  const backwards = Options.ReadDirection.BACKWARDS;
  return requestOf(options().setAll(all).setReadDirection(backwards).setCount('1').setNoFilter(NOTHING));
}

/**
 * A subscription to the whole log after a position (`undefined`: from the start), to the streams whose names begin with
 * one of the prefixes. `checkpointEvery` events that it passes over, it tells how far it has come.
 */
export function followRequest(
  streamPrefixes: readonly string[],
  after: LogPosition | undefined,
  checkpointEvery: number,
): ReadReq {
  const filter = prefixFilter(streamPrefixes, checkpointEvery);
  return requestOf(options().setAll(allFrom(after)).setFilter(filter).setSubscription(new SubscriptionOptions()));
}

/** How many events the server may look at in one go. */
const SEARCH_WINDOW = 1_000;

/**
 * The next event after a position (`undefined`: the first) of the streams whose names begin with one of the prefixes,
 * or none. Two answers, for a read begins with what lies at the position itself.
 */
export function readNextRequest(streamPrefixes: readonly string[], after: LogPosition | undefined): ReadReq {
  const filter = prefixFilter(streamPrefixes, SEARCH_WINDOW);
  return requestOf(options().setAll(allFrom(after)).setFilter(filter).setCount('2'));
}

function allFrom(position: LogPosition | undefined): ReadReq.Options.AllOptions {
  if (position === undefined) return new AllOptions().setStart(NOTHING);
  const { commit, prepare } = position;
  return new AllOptions().setPosition(
    new Position().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  );
}

function prefixFilter(streamPrefixes: readonly string[], window: number): ReadReq.Options.FilterOptions {
  return new FilterOptions()
    .setStreamIdentifier(new FilterOptions.Expression().setPrefixList([...streamPrefixes]))
    .setMax(window)
    .setCheckpointintervalmultiplier(1);
}

function options(): ReadReq.Options {
  return new Options().setUuidOption(new UUIDOption().setString(NOTHING));
}

function requestOf(filled: ReadReq.Options): ReadReq {
  return new ReadReq().setOptions(filled);
}
