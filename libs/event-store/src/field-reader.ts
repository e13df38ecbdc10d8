const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/** More bytes would lose digits in a number, so the rest is added as BigInt. */
const SAFE_VARINT_BYTES = 7;

/**
 * Reads the fields of one protobuf message where they lie, in the order in which they lie: `next`, then `field` says
 * which it is, then its value is taken or skipped. What is wrong with the bytes is thrown as `RangeError`.
 */
export class FieldReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #wireType = VARINT;
  /** The number of the field at hand. */
  field = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Goes to the next field; false when there is none. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = tag >>> 3;
    this.#wireType = tag & 0b111;
    return true;
  }

  uint64(): bigint {
    const low = this.#varint();
    let value = BigInt(low);
    if ((this.#bytes[this.#at - 1] ?? 0) < 0x80) return value;
    for (let shift = BigInt(7 * SAFE_VARINT_BYTES); ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** A string, or bytes that are text in UTF-8. */
  text(): string {
    const start = this.#enter();
    return this.#bytes.toString('utf8', start, this.#at);
  }

  message(): FieldReader {
    const start = this.#enter();
    return new FieldReader(this.#bytes, start, this.#at);
  }

  skip(): void {
    switch (this.#wireType) {
      case VARINT:
        while (this.#byte() >= 0x80);
        return;
      case DELIMITED:
        this.#enter();
        return;
      case FIXED_64:
        this.#at += 8;
        return;
      case FIXED_32:
        this.#at += 4;
        return;
      default:
        throw new RangeError(`${this.#wireType} is no wire type of protobuf.`);
    }
  }

  /** Steps over length and value; returns where the value begins. */
  #enter(): number {
    if (this.#wireType !== DELIMITED) throw new RangeError(`Field ${this.field} has no length.`);
    const length = this.#varint();
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#end) throw new RangeError(`Field ${this.field} is longer than its message.`);
    return start;
  }

  /** The first bytes of a number; whether it goes on, the last byte read tells. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < SAFE_VARINT_BYTES; count += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
    }
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('The message ends within a field.');
    this.#at += 1;
    return byte;
  }
}
