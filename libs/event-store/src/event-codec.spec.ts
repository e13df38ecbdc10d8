import { randomUUID } from 'node:crypto';
import { eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';
import { EventRejected, EventUnreadable } from './errors';
import { codecOf, type NewEvent } from './event-codec';
import type { StoredEvent } from './read-answer';
import { ledgerEvents, ledgerStream, newLedgerEvent, paidIn } from './testing/ledger';

const codec = codecOf(ledgerEvents);
const streamName = ledgerStream();

/** The event as a server gives it after it lay in the log. */
function stored(event: NewEvent, changes: Partial<StoredEvent> = {}): StoredEvent {
  const { eventId, ...metadata } = event.metadata;
  return {
    kind: 'event',
    streamName,
    id: eventId,
    revision: 3n,
    type: event.type,
    data: JSON.stringify(event.data),
    metadata: JSON.stringify(metadata),
    position: { commit: 20n, prepare: 10n },
    ...changes,
  };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('an event on its way into the log', () => {
  it('comes out as it went in', () => {
    const event = paidIn(30);
    const { id, type, data, metadata } = codec.encode(streamName, event);
    const read = codec.decode(stored(event, { id, type, data, metadata }));
    expect(read).toEqual({ ...event, streamName, revision: 3n, position: { commit: 20n, prepare: 10n } });
  });

  it.each([
    ['a field against its schema', { minutes: 0.5 }, '/data/minutes'],
    ['a missing field', {}, '/data/minutes'],
    ['a field that the schema does not know', { minutes: 1, note: 'x' }, '/data/note'],
    ['a number that JSON cannot hold', { minutes: Number.NaN }, '/data/minutes'],
  ])('is rejected for %s, naming stream, type and field', (_, data, field) => {
    const error = thrownBy(() => codec.encode(streamName, { ...paidIn(1), data }));
    expect(error).toBeInstanceOf(EventRejected);
    expect(error).toMatchObject({ streamName, eventType: 'HoursPaidIn' });
    expect((error as EventRejected).faults.map((fault) => fault.field)).toContain(field);
    expect((error as EventRejected).message).toContain(field);
  });

  it('has every fault listed, those of the metadata too', () => {
    const event = paidIn(0);
    const metadata = { ...event.metadata, eventId: 'one', commandId: 'two', occurredAt: 'yesterday', schemaVersion: 7 };
    const error = thrownBy(() => codec.encode(streamName, { ...event, metadata }));
    expect((error as EventRejected).faults.map((fault) => fault.field)).toEqual([
      '/data/minutes',
      '/metadata/commandId',
      '/metadata/occurredAt',
      '/metadata/eventId',
      '/metadata/schemaVersion',
    ]);
  });

  it.each(['HoursLost', 'toString', '__proto__'])('is rejected when its catalogue knows no type %s', (type) => {
    expect(() => codec.encode(streamName, { ...paidIn(1), type })).toThrow(EventRejected);
  });

  it('cannot enter a stream of another category', () => {
    expect(() => codec.encode('tests.other-1', paidIn(1))).toThrow('is no stream tests.ledger-');
  });
});

describe('an event on its way out of the log', () => {
  it.each([
    ['data against the schema', { data: '{"minutes":"many"}' }, '/data/minutes'],
    ['data that is no JSON', { data: 'garbage{' }, '/data'],
    ['no metadata', { metadata: '' }, '/metadata'],
    ['metadata without a command', { metadata: '{"schemaVersion":1}' }, '/metadata/commandId'],
    ['a type that nobody knows', { type: 'HoursLost' }, 'knows no event of this type'],
  ])('is unreadable with %s, naming stream@revision, type and field', (_, changes: Partial<StoredEvent>, where) => {
    const error = thrownBy(() => codec.decode(stored(paidIn(1), changes)));
    expect(error).toBeInstanceOf(EventUnreadable);
    expect(error).toMatchObject({ streamName, revision: 3n, eventType: changes.type ?? 'HoursPaidIn' });
    expect((error as EventUnreadable).message).toContain(`${streamName}@3`);
    expect((error as EventUnreadable).message).toContain(where);
  });

  it('is lifted through every schema version since it was written, and then checked', () => {
    const object = Type.Object({ euro: Type.Integer(), cent: Type.Integer() }, { additionalProperties: false });
    const catalogue = eventCatalogue(streamCategory('tests', 'price'), {
      Priced: {
        schema: object,
        upcasters: [
          ({ amount }: { amount: number }) => ({ euro: amount }),
          ({ euro }: { euro: number | string }) => ({ euro, cent: 0 }),
        ],
      },
    });
    const price = (schemaVersion: number, data: unknown) => {
      const { metadata } = paidIn(1);
      return stored({ type: 'Priced', data, metadata: { ...metadata, schemaVersion } });
    };
    const decode = (event: StoredEvent) => codecOf(catalogue).decode(event).data;
    expect(decode(price(1, { amount: 5 }))).toEqual({ euro: 5, cent: 0 });
    expect(decode(price(2, { euro: 6 }))).toEqual({ euro: 6, cent: 0 });
    expect(decode(price(3, { euro: 7, cent: 1 }))).toEqual({ euro: 7, cent: 1 });
    expect(() => decode(price(2, { euro: 'six' }))).toThrow('/data/euro');
    expect(() => decode(price(1, null))).toThrow('lifting it from version 1 failed');
  });

  it('is unreadable when it was written by newer code', () => {
    const { type, data, metadata } = newLedgerEvent('LedgerOpened', { title: 'Hours' });
    const newer = stored({ type, data, metadata: { ...metadata, schemaVersion: 3 } });
    expect(() => codec.decode(newer)).toThrow('written in version 3, this code knows versions up to 2');
  });

  it('may carry metadata that later code added', () => {
    const { eventId, ...metadata } = paidIn(1).metadata;
    const event = stored(paidIn(1), { id: eventId, metadata: JSON.stringify({ ...metadata, tenant: randomUUID() }) });
    expect(codec.decode(event).metadata).toMatchObject({ ...metadata, eventId });
  });
});

describe('the codec of a catalogue', () => {
  it('is made once', () => {
    expect(codecOf(ledgerEvents)).toBe(codec);
  });
});
