import { createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id that follows from another id and a name (UUID version 5, RFC 9562): the same two always give the same id, so
 * that whatever is done again is recognised as done. Throws when the namespace is no UUID.
 */
export function deriveId(namespaceId: string, name: string): string {
  if (!UUID.test(namespaceId)) throw new Error(`"${namespaceId}" is no UUID, so no id can be derived from it.`);
  const hash = createHash('sha1').update(namespaceId.replaceAll('-', ''), 'hex').update(name).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
