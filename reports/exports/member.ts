import { type Frame, FrameReader, type Sha256, type TaskId, type Tlp, type VerdictLevel } from "@assay/core";
import type { Stage } from "@assay/infra";

/** What is known of a report of an export beside its bytes. */
export interface MemberFacts {
  readonly reportId: TaskId;
  readonly sha256: Sha256;
  /** As the sample has it: hostile. */
  readonly name: string | null;
  readonly verdict: VerdictLevel;
  readonly score: number;
  /** The most restricted level of what is inside; null where it is missing or not made yet. */
  readonly tlp: Tlp | null;
  /** True where its reader saw it because he is cleared for that level, and not only because it is his own. */
  readonly cleared: boolean;
  /** Why it is missing; null where it is there. */
  readonly failure: string | null;
}

/** A report of an export in its form, or why it is missing. */
export interface Member extends MemberFacts {
  readonly bytes: Uint8Array;
}

const MiB = 1024 * 1024;

/** Members of pages that were staged, in their order, one at a time. @throws the signal's reason once that aborts */
export async function* readMembers(
  pages: Stage,
  count: number,
  signal: AbortSignal,
): AsyncGenerator<Member> {
  for (let page = 0; page < count; page++) {
    const frames = new FrameReader<MemberFacts>(await pages.read(page), { header: MiB, blobs: 1024 * MiB });
    try {
      for (let frame = await frames.next(); frame !== null; frame = await frames.next()) {
        signal.throwIfAborted();
        yield memberOf(frame);
      }
    } finally {
      await frames.cancel();
    }
  }
}

function memberOf({ header, blobs }: Frame<MemberFacts>): Member {
  const { reportId, sha256, name, verdict, score, tlp, cleared, failure } = header;
  const facts = { reportId, sha256, name, verdict, score, tlp, cleared, failure };
  return { ...facts, bytes: blobs[0] ?? new Uint8Array() };
}
