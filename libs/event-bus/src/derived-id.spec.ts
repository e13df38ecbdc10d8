import { derivedId } from './derived-id';

const DNS_NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('gives the UUID of version 5 that RFC 9562 gives for a namespace and a name', () => {
  expect(derivedId(DNS_NAMESPACE, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});
