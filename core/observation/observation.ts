import { z } from "zod";
import { Sha256 } from "../id/id.ts";

/** Kinds of observable: what a sample mentions or touches. Each is a search field of the same name. */
export const observableKinds = [
  "url",
  "domain",
  "ip",
  "email",
  "path",
  "registry",
  "mutex",
  "wallet",
] as const;
/** A kind of observable. */
export type ObservableKind = (typeof observableKinds)[number];

/** Digests a module can report. */
export const digestAlgorithms = ["md5", "sha1", "sha256", "sha512", "ssdeep", "tlsh"] as const;
/** A digest algorithm. */
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

const text = z.string().max(4096);

/** An engine or a rule says what the sample is. */
export const Detection = z.object({
  type: z.literal("detection"),
  /** The engine or rule set, e.g. `clamav`, `yara`. */
  engine: text,
  /** The signature or rule, as the engine names it. */
  label: text,
  /** What the engine means by it. */
  verdict: z.enum(["malicious", "suspicious", "informational"]),
  family: text.optional(),
  /** Rule metadata, display only. */
  meta: z.record(z.string(), z.string().max(1024)).optional(),
});

/** What the sample mentions or touches. */
export const Observable = z.object({
  type: z.literal("observable"),
  kind: z.enum(observableKinds),
  value: text,
  /** Where it was seen, e.g. `string`, `pe.resource`. */
  source: text.optional(),
});

/** A word to find samples by, e.g. `packed`, `encrypted`. */
export const TagObservation = z.object({ type: z.literal("tag"), value: z.string().max(64) });

/** A MITRE ATT&CK technique, with why. */
export const Technique = z.object({
  type: z.literal("technique"),
  id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
  reason: text,
});

/** A number for analytics, e.g. `entropy`. */
export const Feature = z.object({
  type: z.literal("feature"),
  name: z.string().regex(/^[a-z][a-zA-Z0-9.]{0,63}$/),
  value: z.number(),
});

/** A digest of the whole sample. */
export const Digest = z.object({
  type: z.literal("digest"),
  algorithm: z.enum(digestAlgorithms),
  value: z.string().max(256),
});

/** A file extracted from the sample; a sample of its own. */
export const Child = z.object({
  type: z.literal("child"),
  sha256: Sha256,
  size: z.number().int().nonnegative(),
  /** Its name inside the parent; hostile text, never a path. */
  name: text,
});

/** A typed value under a field of the catalogue, e.g. `pe.imphash`. Repeat it for several values. */
export const Property = z.object({
  type: z.literal("property"),
  field: z.string().max(64),
  value: z.union([z.string().max(4096), z.number(), z.boolean()]),
});

/** A table or list to show in the report; cells are text and escaped where shown. */
export const Section = z.object({
  type: z.literal("section"),
  title: z.string().max(200),
  columns: z.array(z.string().max(100)).max(20),
  rows: z.array(z.array(z.union([z.string().max(4096), z.number(), z.boolean(), z.null()])).max(20)).max(
    5000,
  ),
  /** Rows there were before the cap. */
  total: z.number().int().nonnegative(),
});

/** What a module found out about a sample. */
export const Observation = z.discriminatedUnion("type", [
  Detection,
  Observable,
  TagObservation,
  Technique,
  Feature,
  Digest,
  Child,
  Property,
  Section,
]);
/** What a module found out about a sample. */
export type Observation = z.infer<typeof Observation>;
