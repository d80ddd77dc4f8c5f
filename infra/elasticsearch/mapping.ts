import { createHash } from "node:crypto";
import type { Field } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { REPORT } from "./packed.ts";
import { SIMILAR, similarProperties } from "./pivots/terms.ts";
import { fieldsIn } from "./storage.ts";
import { ACCESS, ANNOTATIONS, OWN, SUBMISSIONS } from "./visibility.ts";

type Property = estypes.MappingProperty;
type Properties = Record<string, Property>;

/** Longer values can't be found as a whole; Lucene's limit is 32,766 bytes a term. */
export const MAX_KEYWORD_LENGTH = 4096;

/** Not kept in order on disk: only searched, never counted or sorted by. */
const searched = { type: "keyword", doc_values: false, ignore_above: MAX_KEYWORD_LENGTH } as const;
const words = { type: "text", norms: false } as const;
const flattened = { type: "flattened", ignore_above: 1024, depth_limit: 20 } as const;
const access = { rank: { type: "byte" }, owner: { type: "keyword" } } as const;

/** The strict mapping of the index, made from the field catalogue. */
export function mapping(): estypes.MappingTypeMapping {
  const properties: Properties = {
    [REPORT]: { type: "binary", store: true },
    // What a hit shows, as JSON: read without unpacking the report.
    hit: { type: "text", index: false, store: true },
    // The document's id: its task's, or its sample's where it shows only that.
    task: { type: "keyword" },
    latest: { type: "boolean" },
    seenLast: { type: "date" },
    [ACCESS]: strict(access),
    [OWN]: strict({ ...access, metadata: flattened, ...propertiesOf(fieldsIn(OWN)) }),
    [SUBMISSIONS]: nested({
      ...access,
      task: { type: "keyword" },
      metadata: flattened,
      ...propertiesOf(fieldsIn(SUBMISSIONS)),
    }),
    [ANNOTATIONS]: nested({ ...access, ...propertiesOf(fieldsIn(ANNOTATIONS)) }),
    [SIMILAR]: strict(similarProperties),
    module: flattened,
    raw: { ...flattened, doc_values: false },
    // Module names are bounded by the configuration; each gets its words once it first has some.
    text: { type: "object", dynamic: true, properties: {} },
    ...propertiesOf(fieldsIn("findings")),
  };
  const mapping: estypes.MappingTypeMapping = {
    dynamic: "strict",
    // All content is in the packed report; a document is built again from that and from PostgreSQL.
    _source: { enabled: false },
    dynamic_templates: [{
      text: {
        path_match: "text.*",
        match_mapping_type: "string",
        mapping: words,
      },
    }],
    properties,
  };
  return {
    ...mapping,
    _meta: { digest: createHash("sha256").update(JSON.stringify(mapping)).digest("hex") },
  };
}

/** Properties of fields, names with dots as objects, with reversed and word forms beside. */
function propertiesOf(fields: readonly Field[]): Properties {
  const properties: Properties = {};
  for (const field of fields) {
    put(properties, field.name, property(field));
    if (field.type !== "name") continue;
    put(properties, `reversed.${field.name}`, searched);
    put(properties, `words.${field.name}`, words);
  }
  return properties;
}

function put(properties: Properties, path: string, property: Property): void {
  const [first, ...rest] = path.split(".");
  if (rest.length === 0) {
    properties[first!] = property;
    return;
  }
  const object = (properties[first!] ??= strict({})) as { properties: Properties };
  put(object.properties, rest.join("."), property);
}

function strict(properties: Properties): Property {
  return { type: "object", dynamic: "strict", properties };
}

function nested(properties: Properties): Property {
  return { type: "nested", dynamic: "strict", properties };
}

function property(field: Field): Property {
  switch (field.type) {
    case "keyword":
    case "name":
      return field.facet || field.name === "sha256"
        ? { type: "keyword", ignore_above: MAX_KEYWORD_LENGTH }
        : searched;
    case "text":
      return words;
    case "ip":
      return { type: "ip", ignore_malformed: true };
    case "date":
      return { type: "date", format: "strict_date_optional_time||epoch_millis" };
    default:
      return { type: field.type };
  }
}
