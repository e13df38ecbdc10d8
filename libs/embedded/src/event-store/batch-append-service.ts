import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { Appender } from './appender';
import { batchError, batchReply, batchTimeout, type BatchReplyTo } from './batch-append-response';
import { asRefusal } from './grpc-refusal';
import { expectedRevisionOf, Proposals, streamNameOf, uuidText } from './proposals';

/** Appends under way on one call; beyond these the client is read no further. */
const MAX_IN_FLIGHT = 1024;

/** What the longest deadline is counted as: timers hold no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface BatchAppend {
  readonly to: BatchReplyTo;
  readonly proposals: Proposals;
  readonly timer: NodeJS.Timeout;
}

/** `BatchAppend`: many appends over one call, each in one or more chunks, each answered exactly once, in any order. */
export function batchAppendCall(appender: Appender): handleBidiStreamingCall<BatchAppendReq, Buffer> {
  return (call) => {
    const session = new BatchSession(appender, call);
    call.on('data', (request: BatchAppendReq) => session.receive(request));
    call.on('end', () => session.end());
    call.on('drain', () => session.throttle());
    call.on('cancelled', () => session.drop());
    call.on('error', () => session.drop());
  };
}

class BatchSession {
  private readonly open = new Map<string, BatchAppend>();
  private inFlight = 0;
  private ended = false;
  private dropped = false;

  constructor(
    private readonly appender: Appender,
    private readonly call: ServerDuplexStream<BatchAppendReq, Buffer>,
  ) {}

  receive(request: BatchAppendReq): void {
    let correlationId: string;
    try {
      correlationId = uuidText(request.getCorrelationId());
    } catch (error) {
      this.call.emit('error', asRefusal(error));
      return;
    }
    if (request.hasOptions() && !this.open.has(correlationId)) this.begin(correlationId, request);
    const append = this.open.get(correlationId);
    // What follows an append that was answered already, or that never began, is nobody's.
    if (append === undefined) return;
    try {
      for (const message of request.getProposedMessagesList()) append.proposals.add(message);
    } catch (error) {
      this.reply(correlationId, batchError(append.to, asRefusal(error)));
      return;
    }
    if (request.getIsFinal()) this.decide(correlationId, append);
  }

  /** The client sends no more; the call ends when all is answered. */
  end(): void {
    this.ended = true;
    this.endWhenDone();
  }

  /** The client is gone; what was accepted goes on without an answer. */
  drop(): void {
    this.dropped = true;
    for (const { timer } of this.open.values()) clearTimeout(timer);
    this.open.clear();
  }

  private begin(correlationId: string, request: BatchAppendReq): void {
    const options = request.getOptions();
    const to = { correlationId: request.getCorrelationId()?.serializeBinary() ?? new Uint8Array() };
    let replyTo: BatchReplyTo = { ...to, streamName: '', expected: 'any' };
    try {
      if (options === undefined) return;
      const streamName = streamNameOf(options);
      replyTo = { ...replyTo, streamName };
      const expected = expectedRevisionOf(
        options,
        options.hasStreamPosition() ? options.getStreamPosition() : undefined,
      );
      replyTo = { ...replyTo, expected };
    } catch (error) {
      this.write(batchError(replyTo, asRefusal(error)));
      return;
    }
    const deadline = options.getDeadline();
    const restMs =
      deadline === undefined ? MAX_TIMER_MS : deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6 - Date.now();
    if (restMs <= 0) {
      this.write(batchTimeout(replyTo));
      return;
    }
    const timer = setTimeout(() => this.reply(correlationId, batchTimeout(replyTo)), Math.min(restMs, MAX_TIMER_MS));
    this.open.set(correlationId, { to: replyTo, proposals: new Proposals(), timer });
  }

  private decide(correlationId: string, { to, proposals }: BatchAppend): void {
    this.inFlight++;
    this.throttle();
    void this.appender
      .append(proposals.request(to.streamName, to.expected))
      .then(
        (outcome) => batchReply(to, outcome),
        (error: unknown) => batchError(to, asRefusal(error)),
      )
      .then((response) => {
        this.inFlight--;
        this.reply(correlationId, response);
        this.throttle();
      });
  }

  /** Answers an append that was not answered yet. */
  private reply(correlationId: string, response: Buffer): void {
    const append = this.open.get(correlationId);
    if (append === undefined) return;
    clearTimeout(append.timer);
    this.open.delete(correlationId);
    this.write(response);
    this.endWhenDone();
  }

  private write(response: Buffer): void {
    if (!this.dropped && !this.call.write(response)) this.throttle();
  }

  /** Reads on only while the client takes its answers and not too much is under way. */
  throttle(): void {
    if (this.inFlight >= MAX_IN_FLIGHT || this.call.writableNeedDrain) this.call.pause();
    else if (this.call.isPaused()) this.call.resume();
  }

  private endWhenDone(): void {
    if (this.ended && !this.dropped && this.open.size === 0) this.call.end();
  }
}
