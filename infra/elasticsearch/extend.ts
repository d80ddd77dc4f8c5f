import { type Client, errors, type estypes } from "@elastic/elasticsearch";
import { isDeepStrictEqual } from "node:util";

/** A field whose definition in an index can't become the catalogue's while the index stays. */
export interface Conflict {
  readonly field: string;
  readonly is: string;
  readonly wanted: string;
}

type Property = estypes.MappingProperty & { properties?: Record<string, estypes.MappingProperty> };

/**
 * Adds to an index what its mapping lacks. Gives the fields that Elasticsearch refuses to change: all others are as wanted
 * then. The digest in `_meta` is the wanted one only where none is refused.
 */
export async function extendMapping(
  client: Client,
  index: string,
  current: estypes.MappingTypeMapping,
  wanted: estypes.MappingTypeMapping,
): Promise<Conflict[]> {
  if (await put(client, index, wanted)) return [];
  const { _meta, properties, ...rest } = wanted;
  await put(client, index, rest);
  const conflicts: Conflict[] = [];
  for (const { path, property, around } of leavesOf(properties ?? {})) {
    const old = find(current.properties, path);
    if (isDeepStrictEqual(old, property)) continue;
    if (await put(client, index, { properties: around(property) })) continue;
    conflicts.push({ field: path.join("."), is: old?.type ?? "object", wanted: property.type ?? "object" });
  }
  return conflicts;
}

/** False where Elasticsearch refuses the change. */
async function put(client: Client, index: string, mapping: estypes.MappingTypeMapping): Promise<boolean> {
  try {
    await client.indices.putMapping({ index, ...mapping });
    return true;
  } catch (error) {
    if (!(error instanceof errors.ResponseError) || error.statusCode !== 400) throw error;
    return false;
  }
}

interface Leaf {
  readonly path: readonly string[];
  readonly property: Property;
  /** The leaf within the objects around it. */
  readonly around: (property: Property) => Record<string, estypes.MappingProperty>;
}

function* leavesOf(
  properties: Record<string, Property>,
  above: readonly string[] = [],
  around: Leaf["around"] = (property) => property as never,
): Generator<Leaf> {
  for (const [name, property] of Object.entries(properties)) {
    const path = [...above, name];
    const { properties: inner, ...object } = property;
    const wrap = above.length === 0
      ? (one: Property) => ({ [name]: one })
      : (one: Property) => around({ [name]: one } as never);
    if (inner === undefined || Object.keys(inner).length === 0) {
      yield { path, property, around: wrap };
    } else {
      yield* leavesOf(inner, path, (one) => wrap({ ...object, properties: one as never } as Property));
    }
  }
}

function find(
  properties: Record<string, Property> | undefined,
  [first = "", ...rest]: readonly string[],
): Property | undefined {
  const property = properties?.[first];
  return rest.length === 0 ? property : find(property?.properties, rest);
}
