/** Little-endian reads that never leave the file. @throws {RangeError} that names the place */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #budget: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#budget = 4 * bytes.length;
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

  /**
   * True where that many more bytes may be digested: four times the file in all, since sections and resources of a
   * hostile file may each hold the whole of it.
   */
  afford(length: number): boolean {
    if (length > this.#budget) return false;
    this.#budget -= length;
    return true;
  }

  /** Latin-1 text up to a zero, at most that long. */
  text(at: number, most: number): string {
    const end = at < 0 ? 0 : Math.min(this.length, at + most);
    // Names are short: one by one is faster than a decoder, which also takes 0x80 to 0x9f for Windows-1252.
    let text = "";
    for (let i = at; i < end && this.bytes[i] !== 0; i++) text += String.fromCharCode(this.bytes[i]!);
    return text;
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

const utf16 = new TextDecoder("utf-16le");
