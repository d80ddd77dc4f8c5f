import { z } from "zod";

/** What one archive may give. The framework's own limits hold beside these. */
export const Limits = z.strictObject({
  /** Files taken out. */
  members: z.number().int().min(1).max(10_000).default(500),
  /** Bytes of one file. */
  memberBytes: z.number().int().min(1).default(100 * 1024 * 1024),
  /** Bytes of all files together; as many again may be unpacked and thrown away. */
  totalBytes: z.number().int().min(1).default(256 * 1024 * 1024),
  /** Bytes out for each byte in; looked at beyond {@link RATIO_FLOOR}. */
  ratio: z.number().min(1).default(200),
  /** Seconds; what came out by then is kept. */
  seconds: z.number().positive().max(3600).default(60),
});
/** What one archive may give. */
export type Limits = z.infer<typeof Limits>;

/** Small archives of very regular text may well unpack to hundreds of times their size. */
export const RATIO_FLOOR = 8 * 1024 * 1024;

/** Counts what comes out and says when it is too much. */
export class Allowance {
  readonly #limits: Limits;
  readonly #packed: number;
  readonly #end: number;
  #members = 0;
  #bytes = 0;
  #wasted = 0;
  #read = 0;
  /** What was left out, in words. */
  readonly notes = new Set<string>();
  /** True once the ratio was passed: the archive was made to fill a disk. */
  bomb = false;

  constructor(limits: Limits, packed: number) {
    this.#limits = limits;
    this.#packed = packed;
    this.#end = performance.now() + limits.seconds * 1000;
  }

  /** Bytes that the next member may have; 0 where none may come any more. */
  next(): number {
    if (this.most <= 0) this.tooMany();
    else if (this.goesOn()) return Math.max(0, Math.min(this.#limits.memberBytes, this.room));
    return 0;
  }

  /** Members that may still come out. */
  get most(): number {
    return this.#limits.members - this.#members;
  }

  /** Bytes that may still come out, all members together. */
  get room(): number {
    return Math.min(this.#limits.totalBytes, this.#mostByRatio()) - this.#bytes;
  }

  /** False once nothing more may be unpacked: time is up, it is a bomb, or too much was thrown away. */
  goesOn(): boolean {
    const { seconds, totalBytes } = this.#limits;
    if (performance.now() > this.#end) this.notes.add(`archive: unpacking was stopped after ${seconds} s`);
    else if (this.#wasted > totalBytes) {
      this.notes.add("archive: unpacking was stopped, too much was too large");
    } else return !this.bomb;
    return false;
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

  /** Notes packed bytes that were read; more than there are means that members share them. */
  read(bytes: number): void {
    this.#read += bytes;
    if (this.#read <= this.#packed) return;
    this.bomb = true;
    this.notes.add("archive: unpacking was stopped, its members overlap");
  }

  /** Notes bytes that were unpacked for nothing. */
  wasted(bytes: number): void {
    this.#wasted += bytes;
  }

  /** Notes a member that was larger than {@link next} allowed. */
  refused(): void {
    const { ratio, totalBytes, memberBytes } = this.#limits;
    if (this.#mostByRatio() < Math.min(totalBytes, this.#bytes + memberBytes)) {
      this.bomb = true;
      this.notes.add(`archive: unpacking was stopped at ${ratio} times its size`);
    } else {
      this.notes.add(
        `archive: members beyond ${memberBytes} bytes each or ${totalBytes} in all were left out`,
      );
    }
  }

  #mostByRatio(): number {
    return Math.max(RATIO_FLOOR, this.#packed * this.#limits.ratio);
  }
}
