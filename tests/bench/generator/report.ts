import type { KeyId, ModuleRun, Observation, Report, Sha256, SubmissionId, TaskId, Tlp } from "@assay/core";
import { createHash } from "node:crypto";
import { type Random, randomOf } from "./random.ts";
import type { Templates } from "./templates.ts";

const DAY = 86_400_000;
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const levels: readonly Tlp[] = ["green", "clear", "amber", "green", "amber", "clear", "amber+strict", "red"];
const tlds = ["com", "net", "org", "ru", "cn", "info", "top", "xyz", "de", "io"];

/** What all made reports have in common: who submits, which families and tags there are. */
const world = randomOf(1);
const submitters = Array.from({ length: 20 }, (_, i) => ({
  owner: ulid(1_700_000_000_000, 900_000_000 + i) as KeyId,
  name: world.word(3),
}));
const families = Array.from({ length: 300 }, () => world.word(3));
const tags = Array.from({ length: 60 }, () => world.word(2));
const domains = Array.from({ length: 5000 }, () => `${world.word(4)}.${world.pick(tlds)}`);

/**
 * The report number `index`: a real one with other digests, times, submitter and tags, some of its strings, imports and
 * indicators changed for those of others, and some that occur nowhere else. The same number gives the same report. `now` is the
 * time of the newest.
 */
export function reportOf(index: number, { programs, others, strings }: Templates, now: number): Report {
  const random = randomOf(index + 1000);
  const template = random.pick(others.length === 0 || random.chance(0.7) ? programs : others);
  const sha256 = digest("sha256", index) as Sha256;
  const finished = new Date(now - Math.floor(random.next() ** 2 * 365 * DAY)).toISOString();
  const id = ulid(Date.parse(finished), index) as TaskId;
  const { owner, name: submitter } = random.pickZipf(submitters);
  const digests = {
    sha256,
    md5: digest("md5", index),
    sha1: digest("sha1", index),
    sha512: digest("sha512", index),
    ...template.digests.ssdeep && { ssdeep: mutate(template.digests.ssdeep, random) },
    ...template.digests.tlsh && { tlsh: mutateHex(template.digests.tlsh, random) },
  };
  const isBad = random.chance(0.12);
  const modules = template.modules.map((run) => vary(run, digests, strings, random));
  if (isBad) modules.push(detected(random));
  return {
    ...template,
    id,
    submissionId: ulid(Date.parse(finished), 500_000_000 + Math.floor(index / 20)) as SubmissionId,
    sha256,
    size: Math.max(1, Math.floor(template.size * (0.8 + random.next() * 0.4))),
    name: `${random.word(2)}${random.chance(0.5) ? "" : random.below(1000)}${extension(template)}`,
    digests,
    tlp: random.pick(levels),
    owner,
    submitter,
    tags: Array.from({ length: random.below(3) }, () => random.pickZipf(tags)),
    metadata: { case: `case-${random.below(2000)}` },
    submitted: finished,
    started: finished,
    finished,
    parent: null,
    children: [],
    verdict: isBad
      ? {
        ...template.verdict,
        level: random.chance(0.7) ? "malicious" : "suspicious",
        score: 40 + random.below(61),
      }
      : template.verdict,
    modules,
  };
}

function vary(
  run: ModuleRun,
  digests: Report["digests"],
  strings: readonly string[],
  random: Random,
): ModuleRun {
  if (run.status !== "ok") return run;
  switch (run.module) {
    case "digests": {
      const observations = Object.entries(digests as Record<string, string>).map((
        [algorithm, value],
      ): Observation => ({
        type: "digest",
        algorithm: algorithm as "md5",
        value,
      }));
      return { ...run, observations };
    }
    case "strings": {
      const { sample, ...rest } = run.raw as { sample: string[] };
      const varied = sample.map((string) => {
        const at = random.next();
        return at < 0.8 ? string : at < 0.95 ? random.pick(strings) : `${random.word(3)}_${random.hex(6)}`;
      });
      return {
        ...run,
        raw: { ...rest, sample: varied },
        observations: [...run.observations.filter(() => random.chance(0.8)), ...indicators(random)],
      };
    }
    case "pe":
    case "elf": {
      const observations = run.observations.flatMap((one) =>
        one.type === "property" ? property(one, random) : [one]
      );
      return { ...run, observations };
    }
    default:
      return run;
  }
}

type PropertyObservation = Extract<Observation, { type: "property" }>;

function property(one: PropertyObservation, random: Random): Observation[] {
  switch (one.field) {
    case "pe.imphash":
    case "pe.richHash":
      return [random.chance(0.6) ? one : { ...one, value: random.hex(32) }];
    case "pe.section.sha256":
      return [random.chance(0.5) ? one : { ...one, value: random.hex(64) }];
    case "elf.buildId":
      return [{ ...one, value: random.hex(40) }];
    case "pe.section.entropy":
      return [{ ...one, value: Math.min(8, Number(one.value) * (0.9 + random.next() * 0.2)) }];
    case "pe.timestamp":
      return [{ ...one, value: new Date(1e12 + random.next() * 7e11).toISOString() }];
    default:
      return random.chance(0.95) ? [one] : [];
  }
}

function indicators(random: Random): Observation[] {
  const found: Observation[] = [];
  for (let i = random.below(6); i > 0; i--) {
    const domain = random.chance(0.6)
      ? random.pickZipf(domains)
      : `${random.word(3)}-${random.hex(4)}.${random.pick(tlds)}`;
    found.push({ type: "observable", kind: "domain", value: domain, source: "string" });
    if (random.chance(0.5)) {
      const value = `http://${domain}/${random.word(2)}/${random.hex(6)}.php`;
      found.push({ type: "observable", kind: "url", value, source: "string" });
    }
  }
  if (random.chance(0.4)) {
    const value = [random.below(223) + 1, random.below(256), random.below(256), random.below(254) + 1].join(
      ".",
    );
    found.push({ type: "observable", kind: "ip", value, source: "string" });
  }
  return found;
}

/** What an antivirus engine would say; none has run on the templates. */
function detected(random: Random): ModuleRun {
  const family = random.pickZipf(families);
  return {
    module: "clamav",
    category: "antivirus",
    version: "1.4.3",
    definition: "27500",
    started: "2026-01-01T00:00:00.000Z",
    durationMs: 12,
    cached: false,
    status: "ok",
    observations: [{
      type: "detection",
      engine: "clamav",
      label: `Win.Trojan.${family}-${random.below(9_000_000)}-0`,
      verdict: "malicious",
      family,
    }],
    raw: null,
  };
}

function digest(algorithm: string, index: number): string {
  return createHash(algorithm).update(`made ${index}`).digest("hex");
}

/** Ids sort by time, as real ones do. */
function ulid(time: number, index: number): string {
  let text = "";
  for (let i = 0, left = index; i < 16; i++, left = Math.floor(left / 32)) text = crockford[left % 32] + text;
  for (let i = 0, left = time; i < 10; i++, left = Math.floor(left / 32)) text = crockford[left % 32] + text;
  return text;
}

function extension({ name }: Report): string {
  return /\.[a-z0-9]{1,4}$/i.exec(name ?? "")?.[0] ?? "";
}

/** Another digest of a file that is much like it, or not so much. */
function mutate(ssdeep: string, random: Random): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const parts = [...ssdeep];
  const first = ssdeep.indexOf(":") + 1;
  for (let changes = random.below(30); changes > 0; changes--) {
    const at = first + random.below(parts.length - first);
    if (parts[at] !== ":") parts[at] = letters[random.below(64)]!;
  }
  return parts.join("");
}

function mutateHex(tlsh: string, random: Random): string {
  const parts = [...tlsh];
  for (let changes = random.below(40); changes > 0; changes--) {
    parts[8 + random.below(parts.length - 8)] = random.hex(1).toUpperCase();
  }
  return parts.join("");
}
