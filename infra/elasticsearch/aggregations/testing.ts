import { type KeyId, newId, type Report, type Visibility } from "@assay/core";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "../testing.ts";

/** A reader who is cleared up to green. */
export const green: Visibility = { reader: newId<KeyId>(), maxTlp: "green" };

/** A report of a sample of that name; another one of the same `sample` is a second submission of it. */
export function scan(sample: string, given: Partial<Report> = {}): Report {
  return makeReport({ sha256: digestOf(sample), name: `${sample}.exe`, ...given });
}

/** Tags, families and other findings of a run. */
export function findings(
  given: { tags?: string[]; families?: string[]; properties?: Record<string, unknown> },
): Report["modules"][number] {
  return foundRun("test", [
    ...(given.tags ?? []).map((value) => ({ type: "tag", value } as const)),
    ...(given.families ?? []).map((family) => ({
      type: "detection",
      engine: "clamav",
      label: `Win.${family}`,
      verdict: "malicious",
      family,
    } as const)),
    ...Object.entries(given.properties ?? {}).flatMap(([field, values]) =>
      [values].flat().map((value) => ({ type: "property", field, value: value as string } as const))
    ),
  ]);
}

/** Stores with these reports, each list the submissions of one sample, newest first, and analysts' notes and tags. */
export async function storesOf(
  samples: readonly (readonly Report[])[],
  clock?: () => number,
  annotations: readonly Parameters<typeof factsOf>[2][] = [],
) {
  const stores = await testElasticsearch(clock === undefined ? {} : { clock });
  await stores.reports.store(samples.flat());
  await stores.projector.project(
    samples.map((reports, index) => ({
      facts: factsOf(reports, 1, annotations[index]),
      report: reports[0]!,
    })),
  );
  return stores;
}

/**
 * Four samples: two that all may see; one handed in at green and again at red, with a name, tag and submitter of its
 * own each time; and one that is red altogether. An analyst's note and some of his tags on the second one are red.
 */
export async function secretStores() {
  const owner = newId<KeyId>();
  const red = { tlp: "red", owner, submitter: "mallory", metadata: { client: "acme" } } as const;
  const both = findings({ tags: ["packed"], families: ["Emotet"] });
  return await storesOf(
    [
      [scan("first", { tags: ["packed", "Public"], modules: [both] })],
      [scan("second", { tags: ["public"], fileType: "elf", modules: [findings({ families: ["emotet"] })] })],
      [
        scan("twice", {
          ...red,
          name: "merger.exe",
          tags: ["operation-x"],
          finished: "2026-03-01T00:00:00.000Z",
          modules: [findings({})],
        }),
        scan("twice", {
          tlp: "green",
          tags: ["public"],
          metadata: { client: "open" },
          modules: [findings({})],
        }),
      ],
      [
        scan("hidden", {
          ...red,
          fileType: "secret-type",
          tags: ["operation-x", "public"],
          finished: "2027-01-01T00:00:00.000Z",
          size: 9_000_000,
          modules: [findings({ tags: ["secret-tag"], families: ["secretfamily"] })],
        }),
      ],
    ],
    undefined,
    [{}, {
      notes: [{ tlp: "red", owner, author: "mallory", text: "secret note" }],
      tags: [
        { tlp: "clear", owner, tag: "looked-at" },
        { tlp: "red", owner, tag: "packed" },
        { tlp: "red", owner, tag: "secret-opinion" },
      ],
    }],
  );
}

/** What may not be told to {@link green} readers of {@link secretStores}. */
export const secrets = /secret|mallory|operation|merger|acme|hidden|2026-0[2-9]|2027|"red"|9000000/;
