import type { Client, estypes } from "@elastic/elasticsearch";

/** An index of an alias's series: `<alias>-000001`, `<alias>-000002` … */
export interface IndexVersion {
  readonly name: string;
  readonly number: number;
  /** The aliases that lead to it; none where it is old or unfinished. */
  readonly aliases: Readonly<Record<string, estypes.IndicesAlias>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly bytes: number;
}

/** Every index of the series, oldest first. */
export async function versionsBehind(client: Client, alias: string): Promise<IndexVersion[]> {
  const pattern = `${alias}-*`;
  const found = await client.indices.get({ index: pattern, expand_wildcards: "open" });
  const { indices = {} } = await client.indices.stats({ index: pattern, metric: "store" });
  return Object.entries(found).flatMap(([name, { aliases = {}, mappings }]) => {
    const number = /^\d{6}$/.exec(name.slice(alias.length + 1));
    if (number === null) return [];
    return [{
      name,
      number: Number(number[0]),
      aliases,
      meta: mappings?._meta ?? {},
      bytes: indices[name]?.primaries?.store?.size_in_bytes ?? 0,
    }];
  }).sort((a, b) => a.number - b.number);
}

/** The name of that number. */
export function versionName(alias: string, number: number): string {
  return `${alias}-${String(number).padStart(6, "0")}`;
}
