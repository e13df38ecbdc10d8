import { randomUUID } from 'node:crypto';
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp, type ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { EventLog } from './event-log';
import { asRefusal, streamDeleted } from './grpc-refusal';
import { encodeReadEvent, withStructuredId } from './read-event';
import { parseReadRequest, type ReadRequest } from './read-request';
import { firstReadable } from './readable-range';

/** Events come as bytes, made from what lies in the file; other answers as messages. */
export type ReadAnswer = ReadResp | Buffer;

type ReadCall = ServerWritableStream<ReadReq, ReadAnswer>;

/** How many events of the log are looked at in one go, so that a sparse filter does not stop the process. */
const SCAN_EVENTS = 16_384;

/** `Read`: a stream or the whole log, in either direction, once or as a subscription. */
export function readCall(log: EventLog): handleServerStreamingCall<ReadReq, ReadAnswer> {
  return (call) => {
    const reading = async (): Promise<void> => {
      const request = call.request;
      await new Reading(log, call, parseReadRequest(request, log.index)).run();
    };
    reading().then(
      () => call.end(),
      (error: unknown) => call.emit('error', asRefusal(error)),
    );
  };
}

class Reading {
  private readonly gone = new AbortController();
  private resume: () => void = () => undefined;

  constructor(
    private readonly log: EventLog,
    private readonly call: ReadCall,
    private readonly request: ReadRequest,
  ) {
    const leave = (): void => {
      this.gone.abort();
      this.resume();
    };
    call.on('cancelled', leave);
    call.on('close', leave);
    call.on('drain', () => this.resume());
  }

  async run(): Promise<void> {
    const { streamName, maxCount } = this.request;
    if (maxCount === undefined) {
      const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
      await this.write(new ReadResp().setConfirmation(confirmation));
      return streamName === undefined ? this.followAll() : this.followStream(streamName);
    }
    return streamName === undefined ? this.readAll(maxCount) : this.readStream(streamName, maxCount);
  }

  private async readStream(streamName: string, maxCount: number): Promise<void> {
    const stream = this.log.index.stream(streamName);
    if (stream?.tombstoned) throw streamDeleted(streamName);
    if (stream === undefined || stream.sequence.length === 0 || this.log.index.isSoftDeleted(streamName)) {
      const identifier = new StreamIdentifier().setStreamName(Buffer.from(streamName));
      await this.write(new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifier)));
      return;
    }
    const first = await firstReadable(this.log, stream);
    const { from, backwards } = this.request;
    const last = stream.sequence.length - 1;
    if (backwards) {
      const start = from === 'start' ? 0 : from === 'end' ? last : Math.min(from, last);
      await this.send(stream.sequence.slice(Math.max(first, start - maxCount + 1), start + 1).reverse());
    } else {
      const start = from === 'start' ? first : from === 'end' ? last + 1 : Math.max(from, first);
      await this.send(stream.sequence.slice(start, start + maxCount));
    }
  }

  private async readAll(maxCount: number): Promise<void> {
    const { index } = this.log;
    const { from, backwards, filter } = this.request;
    const step = backwards ? -1 : 1;
    const end = backwards ? -1 : index.count;
    // Going backwards, a position is the place between two events, and the reading begins with the one before it.
    let next = from === 'start' ? 0 : from === 'end' ? index.count : index.sequenceAtOrAfter(from);
    if (backwards) next--;
    let rest = maxCount;
    while (next !== end && rest > 0 && !this.gone.signal.aborted) {
      const found: number[] = [];
      for (let scanned = 0; next !== end && scanned < SCAN_EVENTS && found.length < rest; scanned++, next += step) {
        if (filter === undefined || filter(next)) found.push(next);
      }
      rest -= found.length;
      await this.send(found);
    }
  }

  private async followAll(): Promise<void> {
    const { index } = this.log;
    const { from, filter, checkpointInterval } = this.request;
    let next = from === 'start' ? 0 : from === 'end' ? index.count : index.sequenceAtOrAfter(from + 1);
    let checkpointed = next;
    const checkpoint = async (): Promise<void> => {
      if (next > checkpointed) await this.write(checkpointResponse(index.position(next - 1)));
      checkpointed = next;
    };
    let caughtUp = false;
    while (!this.gone.signal.aborted) {
      if (next === index.count) {
        if (!caughtUp) {
          if (filter !== undefined) await checkpoint();
          await this.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
        }
        caughtUp = true;
        await this.log.waitForMore(next, this.gone.signal);
        continue;
      }
      const found: number[] = [];
      const interval = filter === undefined ? Infinity : checkpointInterval;
      const end = Math.min(index.count, next + SCAN_EVENTS);
      while (next < end && (found.length === 0 || next - checkpointed < interval)) {
        if (filter === undefined || filter(next)) found.push(next);
        next++;
      }
      await this.send(found);
      if (next - checkpointed >= interval) await checkpoint();
    }
  }

  private async followStream(streamName: string): Promise<void> {
    const { from } = this.request;
    const length = (): number => this.log.index.stream(streamName)?.sequence.length ?? 0;
    let next = from === 'start' ? 0 : from === 'end' ? length() : from + 1;
    let caughtUp = false;
    while (!this.gone.signal.aborted) {
      const seen = this.log.index.count;
      const stream = this.log.index.stream(streamName);
      if (stream?.tombstoned) throw streamDeleted(streamName);
      if (stream !== undefined && next < length()) {
        const sequences = stream.sequence.slice(Math.max(next, await firstReadable(this.log, stream)));
        next = Math.max(next, stream.sequence.length);
        await this.send(sequences);
        continue;
      }
      if (!caughtUp) await this.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
      caughtUp = true;
      await this.log.waitForMore(seen, this.gone.signal);
    }
  }

  /** Sends events in the order given, a page from the file at a time, as fast as the client takes them. */
  private async send(sequences: readonly number[]): Promise<void> {
    for (let sent = 0; sent < sequences.length && !this.gone.signal.aborted;) {
      const page = await this.log.readPage(sequences, sent);
      sent += page.length;
      for (const { stored, position } of page) {
        const event = encodeReadEvent(this.request.structuredIds ? withStructuredId(stored) : stored, position);
        if (!this.call.write(event)) await this.drained();
        if (this.gone.signal.aborted) return;
      }
    }
  }

  private async write(answer: ReadResp): Promise<void> {
    if (!this.gone.signal.aborted && !this.call.write(answer)) await this.drained();
  }

  /** Resolves when the client has room again, or is gone. */
  private drained(): Promise<void> {
    return new Promise((resolve) => {
      this.resume = resolve;
      if (this.gone.signal.aborted) resolve();
    });
  }
}

function checkpointResponse(position: number): ReadResp {
  const checkpoint = new ReadResp.Checkpoint();
  return new ReadResp().setCheckpoint(
    checkpoint.setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
}
