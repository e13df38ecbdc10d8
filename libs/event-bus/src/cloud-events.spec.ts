import type { BusMessage } from './bus';
import { decodeCloudEvent, encodeCloudEvent, MalformedMessage } from './cloud-events';
import { thingHappened, thingMessage } from './testing/thing-contract';

describe('A contract event as a message', () => {
  it('follows CloudEvents 1.0 in binary mode, with the stream as its key', () => {
    const message = encodeCloudEvent('testing.thing.v1', {
      ...thingHappened('testing.thing-1', 7, 'Öl'),
      traceparent: '00-1-2-01',
    });
    expect(message).toEqual({
      topic: 'testing.thing.v1',
      key: 'testing.thing-1',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '00000000-0000-4000-8000-000000000007',
        ce_source: '/testing',
        ce_type: 'testing.ThingHappened.v1',
        ce_subject: 'testing.thing-1',
        ce_time: '2026-03-01T09:30:00.000Z',
        ce_streamrevision: '7',
        ce_logposition: '10/9',
        ce_correlationid: 'c0ffee',
        ce_traceparent: '00-1-2-01',
      },
      value: Buffer.from('{"what":"Öl"}', 'utf8'),
    });
  });

  it('is read as it was written', () => {
    const untraced = thingHappened('testing.thing-1', 9_007_199_254);
    for (const event of [untraced, { ...untraced, traceparent: '00-1-2-01' }]) {
      expect(decodeCloudEvent(encodeCloudEvent('t', event))).toEqual(event);
    }
  });

  it('is read with attributes that others have added', () => {
    const message = thingMessage('a', 0);
    const more = {
      ...message,
      headers: { ...message.headers, ce_partitionkey: 'a', 'content-type': 'application/json; charset=utf-8' },
    };
    expect(decodeCloudEvent(more)).toEqual(decodeCloudEvent(message));
  });
});

describe('A message that is no contract event is told as malformed, and why', () => {
  const sound = thingMessage('a', 0);
  const withHeader = (name: string, value: string | undefined): BusMessage => {
    const { [name]: _, ...others } = sound.headers;
    return { ...sound, headers: value === undefined ? others : { ...others, [name]: value } };
  };
  it.each<[string, BusMessage, RegExp]>([
    ['no headers at all', { ...sound, headers: {} }, /ce_specversion is missing/],
    ['another version of CloudEvents', withHeader('ce_specversion', '0.3'), /ce_specversion/],
    ['another content type', withHeader('content-type', 'application/avro'), /content-type/],
    ['a content type that only begins like JSON', withHeader('content-type', 'application/jsonp'), /content-type/],
    ['no id', withHeader('ce_id', undefined), /ce_id is missing/],
    ['an id with a NUL', withHeader('ce_id', 'a\0b'), /ce_id/],
    ['an overlong id', withHeader('ce_id', 'a'.repeat(501)), /ce_id/],
    ['a key that is not its subject', { ...sound, key: 'b' }, /key/],
    ['a local time', withHeader('ce_time', '2026-03-01T09:30:00+01:00'), /ce_time/],
    ['a negative revision', withHeader('ce_streamrevision', '-1'), /ce_streamrevision/],
    ['a revision beyond 64 bits', withHeader('ce_streamrevision', '9999999999999999999'), /ce_streamrevision/],
    ['half a position', withHeader('ce_logposition', '10'), /ce_logposition/],
    ['no correlation', withHeader('ce_correlationid', undefined), /ce_correlationid/],
    ['broken JSON', { ...sound, value: Buffer.from('{') }, /JSON/],
    ['broken UTF-8', { ...sound, value: Buffer.from([0x22, 0xc3, 0x22]) }, /JSON/],
    ['an empty body', { ...sound, value: Buffer.alloc(0) }, /JSON/],
  ])('%s', (_fault, message, reason) => {
    expect(() => decodeCloudEvent(message)).toThrow(MalformedMessage);
    expect(() => decodeCloudEvent(message)).toThrow(reason);
  });
});
