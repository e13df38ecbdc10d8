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
  const all = new AllOptions();
  if (after === undefined) all.setStart(NOTHING);
  else {
    const { commit, prepare } = after;
    all.setPosition(new Position().setCommitPosition(String(commit)).setPreparePosition(String(prepare)));
  }
  const filter = new FilterOptions()
    .setStreamIdentifier(new FilterOptions.Expression().setPrefixList([...streamPrefixes]))
    .setMax(checkpointEvery)
    .setCheckpointintervalmultiplier(1);
  return requestOf(options().setAll(all).setFilter(filter).setSubscription(new SubscriptionOptions()));
}

function options(): ReadReq.Options {
  return new Options().setUuidOption(new UUIDOption().setString(NOTHING));
}

function requestOf(filled: ReadReq.Options): ReadReq {
  return new ReadReq().setOptions(filled);
}
