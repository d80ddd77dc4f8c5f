import { createHash } from "node:crypto";
import type { Field } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { SIMILAR, similarProperties } from "./pivots/terms.ts";
import { fieldsOf, type Scope } from "./storage.ts";
import { ANNOTATIONS, SUBMISSIONS } from "./visibility.ts";

type Property = estypes.MappingProperty;
type Properties = Record<string, Property>;

/** Longer values can't be found as a whole; Lucene's limit is 32,766 bytes a term. */
export const MAX_KEYWORD_LENGTH = 4096;

/** Not kept in order on disk: only searched, never counted or sorted by. */
const searched = { type: "keyword", doc_values: false, ignore_above: MAX_KEYWORD_LENGTH } as const;
const words = { type: "text", norms: false } as const;
const flattened = { type: "flattened", ignore_above: 1024, depth_limit: 20 } as const;

/** The strict mapping of an index, made from the field catalogue. */
export function mappingOf(scope: Scope): estypes.MappingTypeMapping {
  const properties: Properties = {
    // What a hit shows, as JSON: read without parsing the big source.
    hit: { type: "text", index: false, store: true },
    access: strict({ rank: { type: "byte" }, owner: { type: "keyword" } }),
    module: flattened,
    // Module names are bounded by the configuration; each gets its words once it first has some.
    text: { type: "object", dynamic: true, properties: {} },
    ...propertiesOf(fieldsOf(scope, null)),
  };
  if (scope === "reports") {
    properties["task"] = { type: "keyword" };
    properties["metadata"] = flattened;
    properties["raw"] = { ...flattened, doc_values: false };
    properties["report"] = { type: "object", enabled: false };
  } else {
    properties["seenLast"] = { type: "date" };
    properties[SIMILAR] = strict(similarProperties);
    properties[SUBMISSIONS] = {
      type: "nested",
      dynamic: "strict",
      properties: {
        rank: { type: "byte" },
        owner: { type: "keyword" },
        task: { type: "keyword" },
        metadata: flattened,
        ...propertiesOf(fieldsOf(scope, SUBMISSIONS)),
      },
    };
    properties[ANNOTATIONS] = {
      type: "nested",
      dynamic: "strict",
      properties: {
        rank: { type: "byte" },
        owner: { type: "keyword" },
        ...propertiesOf(fieldsOf(scope, ANNOTATIONS)),
      },
    };
  }
  const mapping: estypes.MappingTypeMapping = {
    dynamic: "strict",
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
