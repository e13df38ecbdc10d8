import fc from 'fast-check';
import { streamCategory } from './stream-name';

const grants = streamCategory('fund', 'grant');

describe('stream name', () => {
  it('is service, aggregate and id', () => {
    expect(grants.streamName('6f1c')).toBe('fund.grant-6f1c');
    expect(streamCategory('capacity-matching', 'offer').prefix).toBe('capacity-matching.offer-');
  });

  it('gives back the id it was made of', () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(grants.idOf(grants.streamName(id))).toBe(id)));
  });

  it.each(['', 'a b', 'ä', '../x', '-a', 'x'.repeat(201)])('refuses "%s" as an id', (id) => {
    expect(() => grants.streamName(id)).toThrow('cannot be the id');
  });

  it('refuses the stream of another category', () => {
    expect(() => grants.idOf('fund.pot-1')).toThrow('fund.pot-1');
  });

  it.each([
    ['Fund', 'grant'],
    ['fund', 'big grant'],
    ['fund.', 'grant'],
    ['', 'grant'],
  ])('refuses the names "%s" and "%s"', (service, aggregate) => {
    expect(() => streamCategory(service, aggregate)).toThrow('kebab-case');
  });
});
