import { deriveId } from './derive-id';

describe('deriveId', () => {
  it('gives the ids of RFC 9562, version 5', () => {
    expect(deriveId('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('gives the same id for the same two inputs, however the namespace is written, and another one for others', () => {
    const namespace = 'a987fbc9-4bed-4078-8f07-9141ba07c9f3';
    expect(deriveId(namespace, 'x')).toBe(deriveId(namespace.toUpperCase(), 'x'));
    expect(deriveId(namespace, 'x')).not.toBe(deriveId(namespace, 'y'));
    expect(deriveId(namespace, 'x')).not.toBe(deriveId(deriveId(namespace, 'x'), 'x'));
  });

  it('refuses a namespace that is no UUID', () => {
    expect(() => deriveId('command-1', 'x')).toThrow('"command-1" is no UUID');
  });
});
