/** Reads in the file's own byte order and word size that never leave the file. @throws {RangeError} that names the place */
export class Reader {
  readonly bytes: Uint8Array;
  readonly wide: boolean;
  readonly #little: boolean;
  readonly #view: DataView;

  /** `wide`: 64-bit words. */
  constructor(bytes: Uint8Array, wide: boolean, little: boolean) {
    this.bytes = bytes;
    this.wide = wide;
    this.#little = little;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#check(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#check(at, 2), this.#little);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#check(at, 4), this.#little);
  }

  /** A word of the file: 4 bytes, or 8 as a number that is exact up to 2⁵³. */
  word(at: number): number {
    return this.wide ? Number(this.#view.getBigUint64(this.#check(at, 8), this.#little)) : this.u32(at);
  }

  /** Bytes from there, fewer where the file ends before. */
  slice(at: number, length: number): Uint8Array {
    if (!(at >= 0 && length >= 0 && at < this.length)) return new Uint8Array();
    return this.bytes.subarray(at, Math.min(this.length, at + length));
  }

  /** Latin-1 text up to a zero, at most 1,024 characters. */
  text(at: number): string {
    const end = at >= 0 ? Math.min(this.length, at + 1024) : 0;
    // Names are short: one by one is faster than a decoder, which also takes 0x80 to 0x9f for Windows-1252.
    let text = "";
    for (let i = at; i < end && this.bytes[i] !== 0; i++) text += String.fromCharCode(this.bytes[i]!);
    return text;
  }

  #check(at: number, length: number): number {
    if (Number.isInteger(at) && at >= 0 && at + length <= this.length) return at;
    throw new RangeError(`Cannot read ${length} bytes at ${at}: the file has ${this.length}`);
  }
}
