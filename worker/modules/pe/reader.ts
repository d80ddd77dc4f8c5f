/** Little-endian reads that never leave the file. @throws {RangeError} that names the place */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#check(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#check(at, 2), true);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#check(at, 4), true);
  }

  /** Up to 2⁵³ exactly; a larger value is rounded. */
  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 2 ** 32;
  }

  /** Bytes from there, fewer where the file ends before. */
  slice(at: number, length: number): Uint8Array {
    if (at < 0 || length < 0 || at >= this.length) return new Uint8Array();
    return this.bytes.subarray(at, Math.min(this.length, at + length));
  }

  /** Latin-1 text up to a zero, at most that long. */
  text(at: number, most: number): string {
    const bytes = this.slice(at, most);
    const end = bytes.indexOf(0);
    return latin1.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** UTF-16LE text of that many characters. */
  wide(at: number, characters: number): string {
    return utf16.decode(this.slice(at, 2 * characters));
  }

  #check(at: number, length: number): number {
    if (Number.isInteger(at) && at >= 0 && at + length <= this.length) return at;
    throw new RangeError(`Cannot read ${length} bytes at ${at}: the file has ${this.length}`);
  }
}

const latin1 = new TextDecoder("latin1");
const utf16 = new TextDecoder("utf-16le");
