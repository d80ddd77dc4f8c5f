import type { estypes } from "@elastic/elasticsearch";

/** A clause of Elasticsearch's query DSL. */
export type Filter = NonNullable<estypes.QueryDslQueryContainer>;
