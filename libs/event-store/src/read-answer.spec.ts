import { AllStreamPosition, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import fc from 'fast-check';
import { decodeReadAnswer } from './read-answer';

const { RecordedEvent } = ReadResp.ReadEvent;

const bytesOf = (answer: ReadResp) => Buffer.from(answer.serializeBinary());
const answered = (event: InstanceType<typeof RecordedEvent>) =>
  bytesOf(new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(event).setCommitPosition('1')));

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('an answer to a read', () => {
  it('is read as the client’s own classes write it', () => {
    const anyEvent = fc.record({
      id: fc.uuid(),
      streamName: text,
      revision: uint64,
      commit: uint64,
      prepare: uint64,
      type: text,
      data: text,
      metadata: text,
    });
    fc.assert(
      fc.property(anyEvent, ({ id, streamName, revision, commit, prepare, type, data, metadata }) => {
        const event = new RecordedEvent()
          .setId(new UUID().setString(id))
          .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamName)))
          .setStreamRevision(String(revision))
          .setCommitPosition(String(commit))
          .setPreparePosition(String(prepare))
          .setData(Buffer.from(data))
          .setCustomMetadata(Buffer.from(metadata));
        event.getMetadataMap().set('created', '0').set('type', type).set('content-type', 'application/json');
        const position = { commit, prepare };
        expect(decodeReadAnswer(answered(event))).toEqual({
          kind: 'event',
          id,
          streamName,
          revision,
          position,
          type,
          data,
          metadata,
        });
      }),
    );
  });

  it('tells what the server says between the events', () => {
    const checkpoint = new ReadResp.Checkpoint().setCommitPosition('70').setPreparePosition('50');
    const said: [ReadResp, unknown][] = [
      [new ReadResp().setCheckpoint(checkpoint), { kind: 'checkpoint', position: { commit: 70n, prepare: 50n } }],
      [
        new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId('1')),
        { kind: 'confirmed' },
      ],
      [new ReadResp().setCaughtUp(new ReadResp.CaughtUp()), { kind: 'caught-up' }],
      [new ReadResp().setFellBehind(new ReadResp.FellBehind()), { kind: 'fell-behind' }],
      [new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound()), { kind: 'stream-not-found' }],
      [new ReadResp().setLastAllStreamPosition(new AllStreamPosition()), { kind: 'other' }],
      [new ReadResp().setLastStreamPosition('9'), { kind: 'other' }],
    ];
    for (const [answer, meaning] of said) expect(decodeReadAnswer(bytesOf(answer))).toEqual(meaning);
  });

  it('passes over fields of every form that a later protocol may add', () => {
    const unknown = Buffer.from(
      'f80196' + '01' + 'f101' + '0102030405060708' + 'f501' + '01020304' + 'fa01' + '0161',
      'hex',
    );
    const caughtUp = bytesOf(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
    expect(decodeReadAnswer(Buffer.concat([unknown, caughtUp]))).toEqual({ kind: 'caught-up' });
  });

  it('is refused when it is cut off anywhere', () => {
    const event = new RecordedEvent()
      .setId(new UUID().setString('1'))
      .setData(Buffer.from('{}'))
      .setStreamRevision('5');
    const whole = answered(event);
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => decodeReadAnswer(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});
