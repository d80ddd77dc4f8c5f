import { queryModes, type SearchTerms } from "@assay/core";
import { type SearchLayout, usualLayout } from "../elements/search/layout.ts";

/** Where the page stands. */
export type Route =
  | { readonly view: "home" }
  | { readonly view: "searches" | "notifications" }
  /** `id` of the list that is open; empty for none. */
  | { readonly view: "lists"; readonly id: string }
  | { readonly view: "report"; readonly id: string }
  | { readonly view: "compare"; readonly id: string; readonly other: string }
  | { readonly view: "search"; readonly terms: SearchTerms; readonly layout: SearchLayout };

/** Longer queries (lists of hashes) have no room in an address: they are kept with the entry of the browser's history. */
const MAX_ADDRESS = 4000;

/** Reads an address and what is kept with it; what it doesn't know, it reads as the start. */
export function readRoute(search: string, kept: unknown): Route {
  const given = new URLSearchParams(search);
  const report = given.get("report");
  if (report) return { view: "report", id: report };
  const [id, other] = (given.get("compare") ?? "").split(",");
  if (id && other) return { view: "compare", id, other };
  const view = given.get("view");
  if (view === "searches" || view === "notifications") return { view };
  if (view === "lists") return { view, id: given.get("list") ?? "" };
  if (view !== "search") return { view: "home" };
  const long = typeof kept === "object" && kept !== null && "q" in kept && typeof kept.q === "string"
    ? kept.q
    : "";
  const terms: SearchTerms = {
    q: given.get("q") ?? long,
    scope: given.get("scope") === "reports" ? "reports" : "samples",
    mode: queryModes.find((mode) => mode === given.get("mode")) ?? "default",
    sort: given.get("sort"),
  };
  const listed = (name: string, usual: readonly string[]) => {
    const text = given.get(name);
    return text === null ? usual : text.split(",").filter((one) => one !== "");
  };
  const layout = {
    columns: listed("columns", usualLayout.columns),
    facets: listed("facets", usualLayout.facets),
    over: given.get("over") ?? usualLayout.over,
  };
  return { view: "search", terms, layout };
}

/** The address of a place, and what is kept with it. */
export function addressOf(route: Route): { readonly address: string; readonly kept: unknown } {
  if (route.view !== "search") return { address: placeOf(route), kept: null };
  const { terms: { q, scope, mode, sort }, layout: { columns, facets, over } } = route;
  const isLong = q.length > MAX_ADDRESS;
  const query = new URLSearchParams({ view: "search" });
  const set = (name: string, value: string, usual: string) => value !== usual && query.set(name, value);
  if (!isLong) set("q", q, "");
  set("scope", scope, "samples");
  set("mode", mode, "default");
  set("sort", sort ?? "", "");
  set("columns", columns.join(), usualLayout.columns.join());
  set("facets", facets.join(), usualLayout.facets.join());
  set("over", over, usualLayout.over);
  return { address: `/?${query}`, kept: isLong ? { q } : null };
}

function placeOf(route: Exclude<Route, { view: "search" }>): string {
  switch (route.view) {
    case "home":
      return "/";
    case "report":
      return `/?report=${encodeURIComponent(route.id)}`;
    case "compare":
      return `/?${new URLSearchParams({ compare: `${route.id},${route.other}` })}`;
    case "lists":
      return `/?view=lists${route.id === "" ? "" : `&list=${encodeURIComponent(route.id)}`}`;
    default:
      return `/?view=${route.view}`;
  }
}
