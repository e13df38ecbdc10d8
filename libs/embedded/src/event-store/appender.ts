import { randomUUID } from 'node:crypto';
import { encodeEvent, encodeTransaction, EventView, TOMBSTONE_REVISION, type ProposedEvent } from './event-codec';
import type { EventLog } from './event-log';
import { PendingAppends, type Claim } from './pending-appends';
import { RecentEvents } from './recent-events';
import { metadataStreamOf, SOFT_DELETE_METADATA, streamDescribedBy, withTruncateBefore } from './stream-settings';

/** What the stream must be like for an append to happen; a number is its last revision. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | number;

export interface AppendRequest {
  readonly streamName: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

/** A `lastRevision` of -1 means that the stream has no events. */
export type AppendOutcome =
  | { readonly kind: 'appended'; readonly lastRevision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong-expected-version'; readonly lastRevision: number }
  | { readonly kind: 'stream-deleted' };

/** The events that a transaction brings to one stream. */
interface Part {
  readonly streamName: string;
  readonly events: readonly ProposedEvent[];
  readonly tombstone?: boolean;
}

/**
 * Decides about appends and deletions as EventStoreDB does (its `IndexWriter.CheckCommit`), with its idempotency: what
 * a client repeats because it saw no answer succeeds and changes nothing. Appends to one stream do not wait for each
 * other's sync: each is checked against what was accepted before it. A success is told only when all it rests on is
 * durable.
 */
export class Appender {
  private readonly pending = new PendingAppends();
  private readonly recent = new RecentEvents();
  private failuresSeen = 0;

  constructor(private readonly log: EventLog) {}

  /** @throws RecordFileWriteError */
  async append(request: AppendRequest): Promise<AppendOutcome> {
    const { streamName, events } = request;
    let otherEventsStandThere = false;
    for (;;) {
      const verdict = this.judge(request, otherEventsStandThere);
      if (verdict === 'wait') await this.pending.settled(streamName);
      else if (verdict === 'compare') {
        const outcome = await this.repeated(request);
        if (outcome !== undefined) return outcome;
        otherEventsStandThere = true;
      } else if (verdict !== 'accept') return verdict;
      else if (events.length === 0) {
        return { kind: 'appended', lastRevision: this.lastRevision(streamName), position: undefined };
      } else {
        const outcome = await this.accept({ streamName, events });
        if (outcome) return outcome;
      }
    }
  }

  /** Deletes a stream; a later append brings it back with its revisions going on. @throws RecordFileWriteError */
  delete(streamName: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    const metadataStream = metadataStreamOf(streamName);
    const part = { streamName: metadataStream, events: [systemEvent('$metadata', SOFT_DELETE_METADATA)] };
    return this.end(streamName, expected, part, () => this.wasEverWritten(streamName));
  }

  /** Ends a stream for ever. @throws RecordFileWriteError */
  tombstone(streamName: string, expected: ExpectedRevision): Promise<AppendOutcome> {
    const part = { streamName, events: [systemEvent('$streamDeleted', '')], tombstone: true };
    return this.end(streamName, expected, part, () => true);
  }

  private async end(
    streamName: string,
    expected: ExpectedRevision,
    part: Part,
    possible: () => boolean,
  ): Promise<AppendOutcome> {
    const streams = [streamName, metadataStreamOf(streamName)];
    for (let busy = this.busy(streams); busy !== undefined; busy = this.busy(streams)) await busy;
    const verdict = this.judge({ streamName, expected, events: part.events }, true);
    if (typeof verdict !== 'string') return verdict;
    if (!possible()) return { kind: 'wrong-expected-version', lastRevision: -1 };
    const [position] = await this.commit([part], streams);
    return { kind: 'appended', lastRevision: this.lastRevision(streamName), position };
  }

  private judge(
    { streamName, expected, events }: AppendRequest,
    otherEventsStandThere: boolean,
  ): 'accept' | 'wait' | 'compare' | AppendOutcome {
    this.forgetFailed();
    if (this.pending.isExclusive(streamName)) return 'wait';
    const { index } = this.log;
    if (index.stream(streamName)?.tombstoned) return { kind: 'stream-deleted' };
    const lastRevision = this.lastRevision(streamName);
    const wrong = { kind: 'wrong-expected-version', lastRevision } as const;
    if (expected === 'stream_exists') {
      if (index.isSoftDeleted(streamName)) return { kind: 'stream-deleted' };
      if (!this.wasEverWritten(streamName)) return wrong;
    }
    if (expected === 'any' || expected === 'stream_exists') {
      const ids = events.map(({ id }) => id);
      if (this.pending.has(streamName, ids)) return 'wait';
      const revisions = ids.map((id) => this.recent.revision(id, streamName));
      if (revisions[0] === undefined) return 'accept';
      const last = revisions.at(-1);
      return last === undefined || revisions.includes(undefined) ? wrong : this.already(streamName, last);
    }
    const expectedRevision = expected === 'no_stream' ? -1 : expected;
    if (expectedRevision === lastRevision) return 'accept';
    if (expectedRevision > lastRevision) return wrong;
    if (otherEventsStandThere) return expected === 'no_stream' && index.isSoftDeleted(streamName) ? 'accept' : wrong;
    return expectedRevision < index.lastRevision(streamName) ? 'compare' : 'wait';
  }

  /**
   * The outcome when the events stand already where the request wants them: success when all do, a wrong expectation
   * when only the first do. `undefined` when other events stand there.
   */
  private async repeated({ streamName, expected, events }: AppendRequest): Promise<AppendOutcome | undefined> {
    const first = typeof expected === 'number' ? expected + 1 : 0;
    const standing = this.log.index.stream(streamName)?.sequence.slice(first, first + events.length) ?? [];
    const ids: string[] = [];
    while (ids.length < standing.length) {
      for (const { stored } of await this.log.readPage(standing, ids.length)) ids.push(new EventView(stored).id);
    }
    if (events.length === 0 || ids[0] !== events[0]?.id) return undefined;
    return events.every(({ id }, i) => id === ids[i])
      ? this.already(streamName, first + events.length - 1)
      : { kind: 'wrong-expected-version', lastRevision: this.lastRevision(streamName) };
  }

  private already(streamName: string, lastRevision: number): AppendOutcome {
    const sequence = this.log.index.stream(streamName)?.sequence[lastRevision];
    const position = sequence === undefined ? undefined : this.log.index.position(sequence);
    return { kind: 'appended', lastRevision, position };
  }

  /** Nothing when it had to wait, and all must be judged again. */
  private async accept(part: Part): Promise<AppendOutcome | void> {
    const { streamName, events } = part;
    const { index } = this.log;
    const lastRevision = this.lastRevision(streamName) + events.length;
    const described = streamDescribedBy(streamName);
    let positions: number[];
    if (index.isSoftDeleted(streamName)) {
      const streams = [streamName, metadataStreamOf(streamName)];
      const busy = this.busy(streams);
      if (busy !== undefined) return busy;
      const json = withTruncateBefore(index.stream(streamName)?.settings.json, index.lastRevision(streamName) + 1);
      const revival = { streamName: metadataStreamOf(streamName), events: [systemEvent('$metadata', json)] };
      positions = await this.commit([part, revival], streams);
    } else if (described !== undefined && index.isSoftDeleted(described)) {
      const streams = [described, streamName];
      const busy = this.busy(streams);
      if (busy !== undefined) return busy;
      const json = withTruncateBefore(
        Buffer.from(events.at(-1)?.data ?? []).toString(),
        index.lastRevision(described) + 1,
      );
      positions = await this.commit([{ streamName, events: [...events, systemEvent('$metadata', json)] }], streams);
    } else {
      positions = await this.commit([part]);
    }
    return { kind: 'appended', lastRevision, position: positions[events.length - 1] };
  }

  /** Writes the parts as one transaction, holding the streams named; returns the positions of the events. */
  private commit(parts: readonly Part[], exclusively: readonly string[] = []): Promise<number[]> {
    const createdAtMs = Date.now();
    const encoded: Buffer[] = [];
    const claims = new Map<string, Claim>();
    for (const streamName of exclusively) {
      claims.set(streamName, { streamName, lastRevision: this.lastRevision(streamName), ids: [] });
    }
    const revisions: { id: string; streamName: string; revision: number }[] = [];
    for (const { streamName, events, tombstone } of parts) {
      const first = this.lastRevision(streamName) + 1;
      events.forEach((event, i) => {
        const revision = tombstone ? TOMBSTONE_REVISION : first + i;
        encoded.push(encodeEvent(streamName, revision, createdAtMs, event));
        revisions.push({ id: event.id, streamName, revision });
      });
      const lastRevision = tombstone ? first - 1 : first + events.length - 1;
      claims.set(streamName, { streamName, lastRevision, ids: events.map(({ id }) => id) });
    }
    const work = this.log.append(encodeTransaction(encoded)).then((positions) => {
      for (const { id, streamName, revision } of revisions) this.recent.add(id, { streamName, revision });
      return positions;
    });
    return this.pending.during([...claims.values()], exclusively.length > 0, work);
  }

  private busy(streamNames: readonly string[]): Promise<void> | undefined {
    this.forgetFailed();
    return this.pending.busy(streamNames);
  }

  private lastRevision(streamName: string): number {
    return this.pending.lastRevision(streamName) ?? this.log.index.lastRevision(streamName);
  }

  /** EventStoreDB takes a stream for existing when it has events or metadata. */
  private wasEverWritten(streamName: string): boolean {
    return this.lastRevision(streamName) >= 0 || this.lastRevision(metadataStreamOf(streamName)) >= 0;
  }

  /** A failed write fails everything that was waiting, at once: nothing may be judged by it any more. */
  private forgetFailed(): void {
    if (this.log.failures === this.failuresSeen) return;
    this.failuresSeen = this.log.failures;
    this.pending.clear();
  }
}

function systemEvent(type: '$metadata' | '$streamDeleted', json: string): ProposedEvent {
  const contentType = json === '' ? 'application/octet-stream' : 'application/json';
  return { id: randomUUID(), type, contentType, data: Buffer.from(json), customMetadata: Buffer.alloc(0) };
}
