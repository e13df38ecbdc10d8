import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { encodeRecord, encodeRecordAsKafkajs } from './lean-records';
import { partitionOfKey } from './partition-of-key';

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe('a record on its way to Kafka', () => {
  it('is written byte for byte as kafkajs writes it', () => {
    const anyRecord = fc.record({
      key: text,
      value: bytes,
      headers: fc.dictionary(text, text, { maxKeys: 12 }),
      offsetDelta: fc.nat(100_000),
    });
    fc.assert(
      fc.property(anyRecord, (record) => {
        const { buf, buffer } = encodeRecord(record);
        expect(buffer.equals(encodeRecordAsKafkajs(record).buffer)).toBe(true);
        expect(buf).toBe(buffer);
      }),
    );
  });

  it.each([
    ['no key', { key: null, value: Buffer.from('x') }],
    ['no value', { key: 'k', value: null }],
    ['text as value', { key: 'k', value: 'x' }],
    ['a header of bytes', { key: 'k', value: Buffer.from('x'), headers: { a: Buffer.from('b') } }],
    ['a header given twice', { key: 'k', value: Buffer.from('x'), headers: { a: ['b', 'c'] } }],
    ['a time of its own', { key: 'k', value: Buffer.from('x'), timestampDelta: 5 }],
    ['no headers', { key: 'k', value: Buffer.from('x') }],
  ])('is so too with %s', (_, record) => {
    expect(encodeRecord(record).buffer.equals(encodeRecordAsKafkajs(record).buffer)).toBe(true);
  });
});

describe('the partition of a key', () => {
  it('is the one that every client would choose', () => {
    const choose = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 64 }), (key, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          leader: 1,
          partitionErrorCode: 0,
          replicas: [1],
          isr: [1],
        }));
        const message = { key, value: null };
        expect(partitionOfKey(key, partitions)).toBe(choose({ topic: 'any', partitionMetadata, message }));
      }),
    );
  });
});
