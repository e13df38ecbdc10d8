import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NAMESPACE_BYTES = 16;

/**
 * The id that follows from another id and a name (UUID version 5, RFC 9562): the same two always give the same id, so
 * that whatever is done again is recognised as done. Throws when the namespace is no UUID.
 */
export function deriveId(namespaceId: string, name: string): string {
  if (!UUID.test(namespaceId)) throw new Error(`"${namespaceId}" is no UUID, so no id can be derived from it.`);
  const bytes = Buffer.allocUnsafe(NAMESPACE_BYTES + Buffer.byteLength(name));
  bytes.write(namespaceId.replaceAll('-', ''), 'hex');
  bytes.write(name, NAMESPACE_BYTES);
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
