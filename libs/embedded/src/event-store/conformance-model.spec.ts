import { randomUUID } from 'node:crypto';
import {
  ANY,
  BACKWARDS,
  END,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendResult,
  type DeleteResult,
  type AppendExpectedRevision,
  type JSONEventData,
} from '@eventstore/db-client';
import fc from 'fast-check';
import { collect, newStreamName, startConformanceServer, type ConformanceServer } from './conformance-server';

let server: ConformanceServer;
beforeAll(async () => (server = await startConformanceServer()));
afterAll(() => server.stop());

/** A stream as the documentation of EventStoreDB describes it, without disk, concurrency and wire. */
class ModelStream {
  ids: string[] = [];
  truncateBefore = 0;
  maxCount = Infinity;
  hasMetadata = false;
  deleted = false;
  tombstoned = false;

  get lastRevision(): number {
    return this.ids.length - 1;
  }

  append(expected: AppendExpectedRevision, ids: readonly string[]): string {
    if (this.tombstoned) return 'stream-deleted';
    if (expected === STREAM_EXISTS && this.deleted) return 'stream-deleted';
    if (expected === STREAM_EXISTS && this.ids.length === 0 && !this.hasMetadata) return this.wrong();
    if (expected === ANY || expected === STREAM_EXISTS) {
      // An event that stands there twice is known by its later place.
      const known = ids.map((id) => this.ids.lastIndexOf(id));
      if (known[0] !== -1) return known.includes(-1) ? this.wrong() : `ok ${known.at(-1)}`;
    } else {
      const at = expected === NO_STREAM ? 0 : Number(expected) + 1;
      if (at > this.ids.length) return this.wrong();
      if (at < this.ids.length) {
        if (ids.every((id, i) => this.ids[at + i] === id)) return `ok ${at + ids.length - 1}`;
        if (this.ids[at] === ids[0] || expected !== NO_STREAM || !this.deleted) return this.wrong();
      }
    }
    if (this.deleted) this.revive();
    this.ids.push(...ids);
    return `ok ${this.lastRevision}`;
  }

  delete(): string {
    if (this.tombstoned) return 'stream-deleted';
    if (this.ids.length === 0 && !this.hasMetadata) return this.wrong();
    Object.assign(this, { deleted: true, hasMetadata: true, maxCount: Infinity, truncateBefore: 0 });
    return 'ok';
  }

  setMetadata(maxCount: number | undefined, truncateBefore: number | undefined): void {
    Object.assign(this, { hasMetadata: true, maxCount: maxCount ?? Infinity, truncateBefore: truncateBefore ?? 0 });
    if (this.deleted) this.revive();
  }

  tombstone(): string {
    if (this.tombstoned) return 'stream-deleted';
    this.tombstoned = true;
    return 'ok';
  }

  /** Revisions that can be read, in order, or why none can. */
  readable(): string | number[] {
    if (this.tombstoned) return 'stream-deleted';
    if (this.deleted || this.ids.length === 0) return 'stream-not-found';
    const first = Math.max(this.truncateBefore, this.ids.length - this.maxCount);
    return this.ids.map((_, revision) => revision).filter((revision) => revision >= first);
  }

  private revive(): void {
    this.deleted = false;
    this.truncateBefore = this.ids.length;
  }

  private wrong(): string {
    return `wrong-expected-version ${this.ids.length === 0 ? NO_STREAM : this.lastRevision}`;
  }
}

type Step =
  | { do: 'append'; expected: AppendExpectedRevision | 'last'; count: number; repeat: number | undefined }
  | { do: 'metadata'; maxCount: number | undefined; truncateBefore: number | undefined }
  | { do: 'delete' | 'tombstone' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      expected: fc.oneof(
        fc.constantFrom(ANY, NO_STREAM, STREAM_EXISTS, 'last' as const),
        fc.bigInt({ min: 0n, max: 8n }),
      ),
      count: fc.integer({ min: 1, max: 3 }),
      repeat: fc.option(fc.nat(6), { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('metadata' as const),
      maxCount: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      truncateBefore: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'delete' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'tombstone' as const }) },
);

/** How a call ended, in the words of the model. */
async function ending(call: Promise<DeleteResult | AppendResult>): Promise<string> {
  try {
    const result = await call;
    return 'nextExpectedRevision' in result ? `ok ${result.nextExpectedRevision}` : 'ok';
  } catch (error) {
    const { type, actualVersion } = error as { type: string; actualVersion?: unknown };
    if (type !== 'wrong-expected-version') return type;
    return `${type} ${actualVersion === -1n ? NO_STREAM : String(actualVersion)}`;
  }
}

async function revisions(
  stream: string,
  backwards: boolean,
): Promise<string | { revisions: number[]; ids: unknown[] }> {
  try {
    const options = backwards ? ({ direction: BACKWARDS, fromRevision: END } as const) : {};
    const events = await collect(server.client.readStream(stream, options));
    return { revisions: events.map(({ event }) => Number(event?.revision)), ids: events.map(({ event }) => event?.id) };
  } catch (error) {
    return (error as { type: string }).type;
  }
}

describe('any sequence of appends, repetitions, deletions, metadata and tombstones', () => {
  it('leads to the answers and the readable events that a simple model of a stream has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 14 }), async (sequence) => {
        const stream = newStreamName();
        const model = new ModelStream();
        const sent: JSONEventData[][] = [];
        for (const step of sequence) {
          if (step.do === 'append') {
            const repeated = step.repeat === undefined ? undefined : sent[step.repeat];
            const fresh = Array.from({ length: step.count }, () =>
              jsonEvent({ id: randomUUID(), type: 'Step', data: {} }),
            );
            const events = repeated ?? fresh;
            sent.push(events);
            const last = model.lastRevision < 0 ? NO_STREAM : BigInt(model.lastRevision);
            const expectedRevision = step.expected === 'last' ? last : step.expected;
            const expected = model.append(
              expectedRevision,
              events.map(({ id }) => id),
            );
            expect(await ending(server.client.appendToStream(stream, events, { expectedRevision }))).toBe(expected);
          } else if (step.do === 'metadata') {
            const { maxCount, truncateBefore } = step;
            const metadata = {
              ...(maxCount !== undefined && { maxCount }),
              ...(truncateBefore !== undefined && { truncateBefore }),
            };
            if (model.tombstoned) continue;
            model.setMetadata(maxCount, truncateBefore);
            await server.client.setStreamMetadata(stream, metadata);
          } else if (step.do === 'delete') {
            expect(await ending(server.client.deleteStream(stream))).toBe(model.delete());
          } else {
            expect(await ending(server.client.tombstoneStream(stream))).toBe(model.tombstone());
          }
          const readable = model.readable();
          for (const backwards of [false, true]) {
            const order = typeof readable === 'string' ? [] : backwards ? readable.toReversed() : readable;
            expect(await revisions(stream, backwards)).toEqual(
              typeof readable === 'string'
                ? readable
                : { revisions: order, ids: order.map((revision) => model.ids[revision]) },
            );
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
