import { encodeFrame, readFrameSync, reasonOf, type Sha256 } from "@assay/core";
import type { SampleStore } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { type CheckedFindings, checkFindings } from "../inline/check.ts";
import type { FindingsJson } from "../inline/job.ts";

/** A file extracted, by its place in the store. */
export interface KeptChild {
  readonly sha256: Sha256;
  readonly size: number;
  readonly name: string;
}

/** A result worth keeping: a module found something, or nothing. */
export interface KeptResult {
  readonly module: string;
  readonly key: string;
  /** Null where it found nothing. */
  readonly json: FindingsJson | null;
  readonly children: readonly KeptChild[];
  readonly limits: readonly string[];
}

/** A result from before. */
export interface CachedResult {
  readonly findings: CheckedFindings | null;
  readonly kept: KeptResult;
}

/** Results of modules, kept beside each sample: one a module, the last one. */
export interface ResultCache {
  /** The results whose keys are the wanted ones (module to key). Never throws for what lies there. */
  load(sha256: Sha256, keys: ReadonlyMap<string, string>): Promise<Map<string, CachedResult>>;
  /** Replaces what is kept. */
  save(sha256: Sha256, results: readonly KeptResult[]): Promise<void>;
}

const Header = z.object({
  version: z.literal(1),
  results: z.array(z.object({
    module: z.string(),
    key: z.string(),
    found: z.boolean(),
    raw: z.boolean(),
    children: z.array(z.object({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.number().int().nonnegative(),
      name: z.string(),
    })),
    limits: z.array(z.string()),
  })),
});
type Header = z.infer<typeof Header>;

/** The by-product's name beside the sample. */
export const RESULTS = "results";
const MiB = 1024 * 1024;
const LIMITS = { header: 16 * MiB, blobs: 256 * MiB };
const log = getLogger(["assay", "worker", "cache"]);
const compress = promisify<Uint8Array, { level: number }, Uint8Array>(gzip);
const decompress = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip);

/** Keeps results in the sample store. */
export function createResultCache(
  samples: Pick<SampleStore, "attach" | "attachment" | "has">,
): ResultCache {
  return {
    async load(sha256, keys) {
      try {
        const gz = await samples.attachment(sha256, RESULTS);
        if (gz === null) return new Map();
        const bytes = await decompress(gz, { maxOutputLength: LIMITS.header + LIMITS.blobs });
        const found = decode(bytes, keys);
        await dropLost(found, samples);
        return found;
      } catch (error) {
        log.warn("Cannot read results kept of '{sha256}': {error}", { sha256, error: reasonOf(error) });
        return new Map();
      }
    },
    async save(sha256, results) {
      const gz = await compress(encode(results), { level: constants.Z_BEST_SPEED });
      await samples.attach(sha256, RESULTS, gz);
    },
  };
}

function encode(results: readonly KeptResult[]): Uint8Array {
  const header: Header = {
    version: 1,
    results: results.map(({ module, key, json, children, limits }) => ({
      module,
      key,
      found: json !== null,
      raw: json?.raw != null,
      children: [...children],
      limits: [...limits],
    })),
  };
  const blobs = results.flatMap(({ json }) =>
    json === null ? [] : [json.observations, ...json.raw ? [json.raw] : []]
  );
  const pieces = encodeFrame(header, blobs);
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function decode(bytes: Uint8Array, keys: ReadonlyMap<string, string>): Map<string, CachedResult> {
  let at = 0;
  const source = {
    readSync(into: Uint8Array) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length === 0 ? null : part.length;
    },
  };
  const frame = readFrameSync<unknown>(source, LIMITS);
  const { results } = Header.parse(frame?.header);
  const blobs = [...frame?.blobs ?? []];
  const found = new Map<string, CachedResult>();
  for (const { module, key, found: some, raw, children, limits } of results) {
    const json = some ? { observations: blobs.shift()!, raw: raw ? blobs.shift()! : null } : null;
    if (keys.get(module) !== key) continue;
    const findings = json === null ? null : checkFindings(module, json.observations, json.raw);
    const kept = { module, key, json, children: children as KeptChild[], limits };
    found.set(module, {
      findings: findings && { ...findings, limits: [...limits, ...findings.limits] },
      kept,
    });
  }
  return found;
}

/** A result whose extracted files aren't in the store any more is worth nothing. */
async function dropLost(found: Map<string, CachedResult>, samples: Pick<SampleStore, "has">): Promise<void> {
  for (const [module, { kept }] of found) {
    const there = await Promise.all(kept.children.map(({ sha256 }) => samples.has(sha256)));
    if (!there.every(Boolean)) found.delete(module);
  }
}
