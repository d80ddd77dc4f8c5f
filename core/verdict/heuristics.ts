import type { Observation } from "../observation/observation.ts";

/** What a heuristic looks for in one observation. A closed set of conditions, so that heuristics stay data. */
export type Condition =
  | { readonly detection: "malicious" | "suspicious" }
  | { readonly tag: string }
  | { readonly tagPrefix: string }
  | { readonly property: string; readonly atLeast: number }
  | { readonly technique: true };

/** One rule of the verdict. */
export interface Heuristic {
  /** Stable: reports and searches keep it. */
  readonly id: string;
  readonly title: string;
  /** What it adds, 1 to 100; scores combine as probabilities do, so that weak signs never add up past a strong one. */
  readonly score: number;
  readonly when: Condition;
  readonly attack?: readonly string[];
}

/** The heuristics, strongest first. */
export const heuristics: readonly Heuristic[] = [
  {
    id: "engine-malicious",
    title: "An engine calls it malicious",
    score: 80,
    when: { detection: "malicious" },
  },
  {
    id: "archive-bomb",
    title: "Unpacks to far more than it holds",
    score: 60,
    when: { tag: "archive-bomb" },
  },
  {
    id: "engine-suspicious",
    title: "An engine calls it suspicious",
    score: 35,
    when: { detection: "suspicious" },
  },
  {
    id: "packer",
    title: "Packed by a known packer",
    score: 20,
    when: { tagPrefix: "packer:" },
    attack: ["T1027.002"],
  },
  {
    id: "packed-section",
    title: "A section looks packed or encrypted (entropy of 7.2 bits a byte or more)",
    score: 12,
    when: { property: "pe.section.entropy", atLeast: 7.2 },
    attack: ["T1027.002"],
  },
  { id: "technique", title: "Shows a technique of MITRE ATT&CK", score: 10, when: { technique: true } },
  { id: "encrypted-archive", title: "Encrypted, and no password fits", score: 8, when: { tag: "encrypted" } },
];

/** What the observation shows where it meets the condition; null where it doesn't. */
export function meets(observation: Observation, when: Condition): string | null {
  if ("detection" in when) {
    return observation.type === "detection" && observation.verdict === when.detection
      ? `${observation.engine}: ${observation.label}`
      : null;
  }
  if ("technique" in when) {
    return observation.type === "technique" ? `${observation.id}: ${observation.reason}` : null;
  }
  if ("property" in when) {
    return observation.type === "property" && observation.field === when.property &&
        typeof observation.value === "number" && observation.value >= when.atLeast
      ? `${observation.field} ${observation.value}`
      : null;
  }
  if (observation.type !== "tag") return null;
  const fits = "tag" in when ? observation.value === when.tag : observation.value.startsWith(when.tagPrefix);
  return fits ? observation.value : null;
}
