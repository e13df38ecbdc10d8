/**
 * The little of protobuf's wire format that the server writes and reads by itself. Everything else goes through the
 * client's generated classes; events do not, because their bytes go from the file to the wire as they are.
 */

/** How many bytes the varint of a non-negative integer takes. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

/** Writes a varint and returns the place after it. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x80) {
    target[place++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[place++] = rest;
  return place;
}

/** A message's fields, one after the other, as bytes. Tags are given as they stand on the wire (`number << 3 | type`). */
export class MessageWriter {
  private readonly parts: Buffer[] = [];

  /** A field of type `bytes`, `string` or another message. */
  bytes(tag: number, value: Buffer): this {
    this.parts.push(prefix(tag, value.length), value);
    return this;
  }

  string(tag: number, value: string): this {
    return this.bytes(tag, Buffer.from(value, 'utf8'));
  }

  /** A non-negative integer. */
  integer(tag: number, value: number): this {
    this.parts.push(prefix(tag, value));
    return this;
  }

  raw(value: Buffer): this {
    this.parts.push(value);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.parts);
  }
}

function prefix(tag: number, value: number): Buffer {
  const buffer = Buffer.allocUnsafe(1 + varintBytes(value));
  buffer[0] = tag;
  writeVarint(buffer, 1, value);
  return buffer;
}

/** Reads fields one after the other, in the order in which they are known to have been written. */
export class MessageReader {
  constructor(
    private readonly buffer: Buffer,
    public at = 0,
  ) {}

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new RangeError('a message ends within a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  /** Steps over the tag, which must be this one. */
  expect(tag: number): this {
    if (this.buffer[this.at++] !== tag) throw new RangeError(`field ${tag >> 3} is missing where it belongs`);
    return this;
  }

  /** Steps over tag and length; returns the length. What follows is the value. */
  enter(tag: number): number {
    return this.expect(tag).varint();
  }

  /** Steps over a field with a length. */
  skip(tag: number): void {
    const length = this.enter(tag);
    this.at += length;
  }

  string(tag: number): string {
    const length = this.enter(tag);
    this.at += length;
    return this.buffer.toString('utf8', this.at - length, this.at);
  }

  bytes(tag: number): Buffer {
    const length = this.enter(tag);
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }
}
