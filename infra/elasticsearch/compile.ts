import {
  type Clause,
  indicatorOf,
  isDigest,
  type Query,
  QueryError,
  type QueryField,
  queryField,
  type Visibility,
} from "@assay/core";
import type { Filter } from "./filter.ts";
import { matchOf } from "./match.ts";
import { freeText, homes } from "./free_text.ts";
import { type Scope, storedFields } from "./storage.ts";
import { visibleDocuments, withVisibleEntry } from "./visibility.ts";

/** What a query is compiled for. */
export interface CompileContext {
  readonly scope: Scope;
  readonly visibility: Visibility;
  /** Milliseconds since the epoch, for times counted from now. */
  readonly now: number;
}

/**
 * Turns a parsed query into an Elasticsearch filter that holds only what the reader may see. Text of the query only
 * ever becomes a value, never query syntax.
 * @throws {QueryError} for a field that documents of that scope don't have
 */
export function compileQuery(query: Query, context: CompileContext): Filter {
  return { bool: { filter: [visibleDocuments(context.visibility, context.scope), compile(query, context)] } };
}

/** The filter for a query alone, for a request that holds only what the reader may see already. */
export function compileCondition(query: Query, context: CompileContext): Filter {
  return compile(query, context);
}

function compile(query: Query, context: CompileContext): Filter {
  switch (query.type) {
    case "all":
      return { match_all: {} };
    case "and":
      return { bool: { filter: query.of.map((part) => compile(part, context)) } };
    case "or": {
      const digests = digestsOf(query.of);
      if (digests !== null) return anyDigest(digests, context);
      return anyOf(query.of.map((part) => compile(part, context)));
    }
    case "not":
      return { bool: { must_not: [compile(query.of, context)] } };
    case "clause":
      return compileClause(query, context);
  }
}

function compileClause(clause: Clause, context: CompileContext): Filter {
  const { scope, visibility, now } = context;
  if (clause.field === null) {
    const byHome = Map.groupBy(freeText(clause.match, scope, now), ({ nested }) => nested);
    return anyOf([...byHome].flatMap(([nested, found]) => {
      const filters = found.map(({ filter }) => filter);
      return nested === null ? filters : [withVisibleEntry(nested, anyOf(filters), visibility)];
    }));
  }
  const field = queryField(clause.field) as QueryField;
  const places = storedFields(field, scope);
  if (places.length === 0) {
    const hint = "notes belong to samples and are searched there; of tags, analysts' own are too";
    throw new QueryError(clause.place, "a field of reports", clause.field, hint);
  }
  return anyOf(
    places.map((stored) => {
      const condition = matchOf(clause.match, field, stored, now);
      return stored.nested === null ? condition : withVisibleEntry(stored.nested, condition, visibility);
    }),
  );
}

/** The digests of a pasted list; null where it holds anything else. */
function digestsOf(queries: readonly Query[]): string[] | null {
  const digests: string[] = [];
  for (const query of queries) {
    if (query.type !== "clause" || query.field !== null || query.match.type !== "equals") return null;
    if (!isDigest(query.match.text)) return null;
    digests.push(query.match.text.toLowerCase());
  }
  return digests;
}

/** A list of digests is looked up in one go where digests are kept, and not in text. */
function anyDigest(digests: readonly string[], { scope, visibility }: CompileContext): Filter {
  const byHome = Map.groupBy(digests, (digest) => indicatorOf(digest)!);
  return anyOf(
    [...byHome].flatMap(([indicator, values]) =>
      homes[indicator].flatMap((name) =>
        storedFields(queryField(name)!, scope).map((stored) => {
          const condition: Filter = { terms: { [stored.path]: values } };
          return stored.nested === null ? condition : withVisibleEntry(stored.nested, condition, visibility);
        })
      )
    ),
  );
}

function anyOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { bool: { should: [...filters], minimum_should_match: 1 } };
}
