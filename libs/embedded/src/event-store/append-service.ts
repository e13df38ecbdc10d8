import { type handleClientStreamingCall, type handleUnaryCall } from '@grpc/grpc-js';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import {
  AppendReq,
  AppendResp,
  DeleteResp,
  TombstoneResp,
  type DeleteReq,
  type TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb';
import type { Appender, AppendOutcome, ExpectedRevision } from './appender';
import { asRefusal, invalidArgument, streamDeleted, wrongExpectedVersion } from './grpc-refusal';
import { expectedRevisionOf, Proposals, streamNameOf } from './proposals';

/** `Append`: the options come first, then one message per event; the answer comes when the client has ended. */
export function appendCall(appender: Appender): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, answer) => {
    const proposals = new Proposals();
    let options: AppendReq.Options | undefined;
    let failed = false;
    const fail = (error: unknown): void => {
      if (!failed) answer(asRefusal(error));
      failed = true;
    };
    call.on('data', (request: AppendReq) => {
      if (failed) return;
      try {
        options ??= request.getOptions();
        const message = request.getProposedMessage();
        if (message !== undefined) proposals.add(message);
      } catch (error) {
        fail(error);
      }
    });
    call.on('end', () => {
      if (failed) return;
      if (options === undefined) return fail(invalidArgument('an append begins with its options'));
      appendAs(appender, options, proposals).then((response) => answer(null, response), fail);
    });
    call.on('error', () => (failed = true));
  };
}

async function appendAs(appender: Appender, options: AppendReq.Options, proposals: Proposals): Promise<AppendResp> {
  const streamName = streamNameOf(options);
  const revision = options.hasRevision() ? options.getRevision() : undefined;
  const outcome = await appender.append(proposals.request(streamName, expectedRevisionOf(options, revision)));
  if (outcome.kind === 'stream-deleted') throw streamDeleted(streamName);
  const response = new AppendResp();
  if (outcome.kind === 'appended') {
    const success = new AppendResp.Success();
    if (outcome.lastRevision < 0) success.setNoStream(new Empty());
    else success.setCurrentRevision(String(outcome.lastRevision));
    if (outcome.position === undefined) success.setNoPosition(new Empty());
    else success.setPosition(positionIn(new AppendResp.Position(), outcome.position));
    return response.setSuccess(success);
  }
  const wrong = new AppendResp.WrongExpectedVersion();
  if (outcome.lastRevision < 0) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentRevision(String(outcome.lastRevision));
  if (revision !== undefined) wrong.setExpectedRevision(revision);
  else if (options.hasAny()) wrong.setExpectedAny(new Empty());
  else if (options.hasStreamExists()) wrong.setExpectedStreamExists(new Empty());
  else wrong.setExpectedNoStream(new Empty());
  return response.setWrongExpectedVersion(wrong);
}

/** `Delete`: the stream can be brought back by an append. */
export function deleteCall(appender: Appender): handleUnaryCall<DeleteReq, DeleteResp> {
  return (call, answer) => {
    end(call.request.getOptions(), (streamName, expected) => appender.delete(streamName, expected)).then(
      (position) => answer(null, new DeleteResp().setPosition(positionIn(new DeleteResp.Position(), position))),
      (error: unknown) => answer(asRefusal(error)),
    );
  };
}

/** `Tombstone`: the stream is gone for ever. */
export function tombstoneCall(appender: Appender): handleUnaryCall<TombstoneReq, TombstoneResp> {
  return (call, answer) => {
    end(call.request.getOptions(), (streamName, expected) => appender.tombstone(streamName, expected)).then(
      (position) => answer(null, new TombstoneResp().setPosition(positionIn(new TombstoneResp.Position(), position))),
      (error: unknown) => answer(asRefusal(error)),
    );
  };
}

async function end(
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
  by: (streamName: string, expected: ExpectedRevision) => Promise<AppendOutcome>,
): Promise<number> {
  if (options === undefined) throw invalidArgument('options are required');
  const streamName = streamNameOf(options);
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  const outcome = await by(streamName, expected);
  if (outcome.kind === 'stream-deleted') throw streamDeleted(streamName);
  if (outcome.kind === 'wrong-expected-version' || outcome.position === undefined) {
    throw wrongExpectedVersion(streamName, expectedNumber(expected), outcome.lastRevision);
  }
  return outcome.position;
}

/** As a number in a trailer, the way EventStoreDB numbers what is no revision. */
function expectedNumber(expected: ExpectedRevision): string {
  if (typeof expected === 'number') return String(expected);
  return { no_stream: '-1', any: '-2', stream_exists: '-4' }[expected];
}

interface WirePosition {
  setCommitPosition(value: string): unknown;
  setPreparePosition(value: string): unknown;
}

function positionIn<Position extends WirePosition>(target: Position, position: number): Position {
  target.setCommitPosition(String(position));
  target.setPreparePosition(String(position));
  return target;
}
