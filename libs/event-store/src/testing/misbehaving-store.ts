import { once } from 'node:events';
import { AllStreamPosition, StreamIdentifier, Unknown, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { type IStreamsServer, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  type BatchAppendReq,
  BatchAppendResp,
  type ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import { Server, ServerCredentials, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;
export type BatchAppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

export interface MisbehavingStore {
  readonly connectionString: string;
  stop(): void;
}

/** A server that speaks the protocol only as far as the test says; whatever it does not say is met with silence. */
export async function startMisbehavingStore(
  behaviour: { readonly read?: (call: ReadCall) => void; readonly batchAppend?: (call: BatchAppendCall) => void } = {},
): Promise<MisbehavingStore> {
  const server = new Server();
  const silent = () => undefined;
  const streams: IStreamsServer = {
    read: behaviour.read ?? silent,
    batchAppend: behaviour.batchAppend ?? silent,
    append: silent,
    delete: silent,
    tombstone: silent,
  };
  server.addService(StreamsService, streams);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { connectionString: `esdb://127.0.0.1:${port}?tls=false`, stop: () => server.forceShutdown() };
}

/** Resolves when the client has cancelled the call. */
export async function cancelled(call: ReadCall | BatchAppendCall): Promise<void> {
  if (!call.cancelled) await once(call, 'cancelled');
}

export function confirmAppend(request: BatchAppendReq, revision = 0): BatchAppendResp {
  const position = new AllStreamPosition().setCommitPosition('7').setPreparePosition('5');
  return new BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setStreamIdentifier(request.getOptions()?.getStreamIdentifier())
    .setSuccess(new BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(position));
}

/** How a server that has too much to do answers: an error without a kind. */
export function refuseAsBusy(request: BatchAppendReq): BatchAppendResp {
  const details = new Any();
  details.pack(new Unknown().serializeBinary(), 'event_store.client.Unknown');
  return new BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setStreamIdentifier(request.getOptions()?.getStreamIdentifier())
    .setError(new Status().setMessage('Server Is Busy').setDetails(details));
}

export function confirmation(): ReadResp {
  return new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId('1'));
}

export function checkpoint(commit: number, prepare: number): ReadResp {
  return new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  );
}

export function caughtUp(): ReadResp {
  return new ReadResp().setCaughtUp(new ReadResp.CaughtUp());
}

export function eventRead(event: {
  readonly streamName: string;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly revision: number;
  readonly position: { readonly commit: number; readonly prepare: number };
}): ReadResp {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(event.id))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(event.streamName)))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position.commit))
    .setPreparePosition(String(event.position.prepare))
    .setData(Buffer.from(JSON.stringify(event.data)))
    .setCustomMetadata(Buffer.from(JSON.stringify(event.metadata)));
  recorded.getMetadataMap().set('type', event.type).set('content-type', 'application/json').set('created', '0');
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(recorded));
}
