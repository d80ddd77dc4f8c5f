import type { ImportReading, Sha256, Visibility } from "@assay/core";
import type { Search } from "@assay/infra";

/** Hashes of one query: as many as queries may have. */
const PORTION = 10_000;

/** Samples by those MD5 and SHA-1 of the file that the reader sees samples of. */
export async function samplesOf(
  { hashes, texts }: ImportReading,
  search: Pick<Search, "export">,
  visibility: Visibility,
  signal: AbortSignal,
): Promise<Map<string, Sha256[]>> {
  const named = [...hashes.map(({ value }) => value), ...texts.flatMap((text) => text.hashes)];
  const values = [...new Set(named.filter((value) => value.length < 64))];
  const found = new Map<string, Sha256[]>();
  for (let at = 0; at < values.length; at += PORTION) {
    const some = new Set(values.slice(at, at + PORTION));
    const request = {
      q: [...some].join(" "),
      mode: "default",
      scope: "samples",
      columns: ["sha256", "sha1", "md5"],
      signal,
    } as const;
    const { rows } = await search.export(request, visibility);
    for await (const portion of rows) {
      for (const [sha256, ...others] of portion) {
        for (const value of others.flat().map(String)) {
          if (some.has(value)) found.set(value, [...found.get(value) ?? [], sha256 as Sha256]);
        }
      }
    }
  }
  return found;
}
