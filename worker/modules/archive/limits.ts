import { z } from "zod";

/** What one archive may give. The framework's own limits hold beside these. */
export const Limits = z.strictObject({
  /** Files taken out. */
  members: z.number().int().min(1).max(10_000).default(500),
  /** Bytes of one file. */
  memberBytes: z.number().int().min(1).default(100 * 1024 * 1024),
  /** Bytes of all files together. */
  totalBytes: z.number().int().min(1).default(256 * 1024 * 1024),
  /** Bytes out for each byte in; looked at beyond {@link RATIO_FLOOR}. */
  ratio: z.number().min(1).default(200),
});
/** What one archive may give. */
export type Limits = z.infer<typeof Limits>;

/** Small archives of very regular text may well unpack to hundreds of times their size. */
export const RATIO_FLOOR = 8 * 1024 * 1024;

/** Counts what comes out and says when it is too much. */
export class Allowance {
  readonly #limits: Limits;
  readonly #packed: number;
  #members = 0;
  #bytes = 0;
  /** What was left out, in words. */
  readonly notes = new Set<string>();
  /** True once the ratio was passed: the archive was made to fill a disk. */
  bomb = false;

  constructor(limits: Limits, packed: number) {
    this.#limits = limits;
    this.#packed = packed;
  }

  /** Bytes that the next member may have; 0 where none may come any more. */
  next(): number {
    const { memberBytes, totalBytes } = this.#limits;
    if (this.most <= 0) {
      this.tooMany();
      return 0;
    }
    return this.bomb ? 0 : Math.min(memberBytes, totalBytes - this.#bytes, this.#mostByRatio() - this.#bytes);
  }

  /** Members that may still come out. */
  get most(): number {
    return this.#limits.members - this.#members;
  }

  /** Notes that there are more members than may come out. */
  tooMany(): void {
    this.notes.add(`archive: only the first ${this.#limits.members} members were taken out`);
  }

  /** Notes a member that came out. */
  took(bytes: number): void {
    this.#members++;
    this.#bytes += bytes;
  }

  /** Notes a member that was larger than {@link next} allowed. */
  refused(): void {
    const { ratio, totalBytes, memberBytes } = this.#limits;
    if (this.#mostByRatio() < Math.min(totalBytes, this.#bytes + memberBytes)) {
      this.bomb = true;
      this.notes.add(`archive: unpacking was stopped at ${ratio} times its size`);
    } else {this.notes.add(
        `archive: members beyond ${memberBytes} bytes each or ${totalBytes} in all were left out`,
      );}
  }

  #mostByRatio(): number {
    return Math.max(RATIO_FLOOR, this.#packed * this.#limits.ratio);
  }
}
