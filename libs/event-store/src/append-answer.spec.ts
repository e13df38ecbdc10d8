import { AllStreamPosition, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import * as fc from 'fast-check';
import { decodeAppendAnswer } from './append-answer';

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('the answer to a batch append', () => {
  it('is understood as the generated classes have written it', () => {
    fc.assert(
      fc.property(fc.uuid(), uint64, uint64, uint64, (id, revision, commit, prepare) => {
        const position = new AllStreamPosition().setCommitPosition(String(commit)).setPreparePosition(String(prepare));
        const success = new BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(position);
        const answer = answerTo(id).setSuccess(success);
        expect(decoded(answer)).toEqual({ id, appended: { revision, position: { commit, prepare } } });
      }),
    );
  });

  it('says nothing of where the events lie when the server does not', () => {
    const { id, appended } = decoded(answerTo('a').setSuccess(new BatchAppendResp.Success().setCurrentRevision('3')));
    expect({ id, appended }).toEqual({ id: 'a', appended: undefined });
  });

  it('carries the error', () => {
    const { id, error, appended } = decoded(answerTo('a').setError(new Status().setMessage('Server Is Busy')));
    expect({ id, appended, message: error?.getMessage() }).toEqual({ id: 'a', message: 'Server Is Busy' });
  });

  it('is refused when it is cut short', () => {
    const bytes = Buffer.from(answerTo('a').serializeBinary());
    expect(() => decodeAppendAnswer(bytes.subarray(0, -1))).toThrow(RangeError);
  });
});

function answerTo(id: string): BatchAppendResp {
  const stream = new StreamIdentifier().setStreamName(Buffer.from('tests.ledger-1'));
  return new BatchAppendResp().setCorrelationId(new UUID().setString(id)).setStreamIdentifier(stream);
}

function decoded(answer: BatchAppendResp) {
  return decodeAppendAnswer(Buffer.from(answer.serializeBinary()));
}
