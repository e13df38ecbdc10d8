import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import * as fc from 'fast-check';
import { type AppendRequest, encodeBatchAppend } from './batch-append-request';

const event = fc.record({
  id: fc.uuid(),
  type: fc.string({ unit: 'grapheme', minLength: 1 }),
  data: textOfAnyLength(),
  metadata: textOfAnyLength(),
});

const request = fc.record<AppendRequest>({
  id: fc.uuid(),
  streamName: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  events: fc.array(event, { maxLength: 4 }),
  expected: fc.oneof(fc.constant('no-stream' as const), fc.bigInt({ min: 0n, max: 2n ** 53n - 1n })),
  deadlineAtMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});

describe('the request of a batch append', () => {
  it('is read by the generated classes as it was meant', () => {
    fc.assert(
      fc.property(request, (sent) => {
        expect(understood(BatchAppendReq.deserializeBinary(encodeBatchAppend(sent)))).toEqual({
          ...sent,
          isFinal: true,
        });
      }),
    );
  });
});

/** Short ones of any characters, and such as need lengths of one, two and three bytes. */
function textOfAnyLength() {
  const long = fc.integer({ min: 0, max: 20_000 }).map((length) => 'ü'.repeat(length));
  return fc.oneof(fc.string({ unit: 'grapheme' }), long);
}

function understood(request: BatchAppendReq) {
  const options = request.getOptions();
  const deadline = options?.getDeadline();
  return {
    id: request.getCorrelationId()?.getString(),
    streamName: Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    expected: options?.hasNoStream() ? 'no-stream' : BigInt(options?.getStreamPosition() ?? -1),
    deadlineAtMs: (deadline?.getSeconds() ?? 0) * 1000 + (deadline?.getNanos() ?? 0) / 1e6,
    isFinal: request.getIsFinal(),
    events: request.getProposedMessagesList().map((message) => {
      expect(message.getMetadataMap().get('content-type')).toBe('application/json');
      return {
        id: message.getId()?.getString(),
        type: message.getMetadataMap().get('type'),
        data: Buffer.from(message.getData_asU8()).toString(),
        metadata: Buffer.from(message.getCustomMetadata_asU8()).toString(),
      };
    }),
  };
}
