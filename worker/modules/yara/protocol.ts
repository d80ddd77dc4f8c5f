import { z } from "zod";

/** What an engine is told on standard input. */
export interface ScanOrder {
  readonly rules: readonly { readonly name: string; readonly text: string }[];
  readonly samples: readonly string[];
  readonly timeoutSeconds: number;
}

/** What the portable engine is told. */
export interface PortableOrder extends ScanOrder {
  /** `parts`: the rules of the source, each by itself. */
  readonly rules: readonly (ScanOrder["rules"][number] & { readonly parts: readonly string[] })[];
  /** Folder of the engine's program: in the sandbox there is no cache of packages to find it by name. */
  readonly engine: string;
}

/** A rule that does not compile; the others do their work. */
export const BrokenRule = z.object({
  source: z.string().nullable(),
  rule: z.string().nullable(),
  line: z.number().nullable(),
  message: z.string(),
});
/** A rule that does not compile. */
export type BrokenRule = z.infer<typeof BrokenRule>;

/** A rule that matches. */
export const RuleMatch = z.object({
  rule: z.string(),
  namespace: z.string(),
  tags: z.array(z.string()),
  meta: z.record(z.string(), z.unknown()),
  /** Where its strings stand, the first twenty; `data` in hexadecimal, 64 bytes at most. */
  strings: z.array(z.object({ id: z.string(), offset: z.number(), length: z.number(), data: z.string() })),
  /** Matches of its strings in all. */
  count: z.number(),
});
/** A rule that matches. */
export type RuleMatch = z.infer<typeof RuleMatch>;

/** A line that an engine prints. */
export const ScanLine = z.union([
  z.object({ broken: z.array(BrokenRule) }),
  z.object({ path: z.string(), matches: z.array(RuleMatch) }),
  z.object({ path: z.string(), error: z.string() }),
]);
