import assert from "node:assert/strict";
import { usualLayout } from "../elements/search/layout.ts";
import { everything } from "../terms.ts";
import { addressOf, readRoute, type Route } from "./route.ts";

const again = (route: Route) => {
  const { address, kept } = addressOf(route);
  return readRoute(address.slice(1), kept);
};

Deno.test("every place reads back from its address", () => {
  const places: Route[] = [
    { view: "home" },
    { view: "searches" },
    { view: "notifications" },
    { view: "lists", id: "" },
    { view: "lists", id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" },
    { view: "report", id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" },
    { view: "compare", id: "01ARZ3NDEKTSV4RRFFQ69G5FAV", other: "01ARZ3NDEKTSV4RRFFQ69G5FAW" },
    { view: "search", terms: everything, layout: usualLayout },
    {
      view: "search",
      terms: { q: 'name:"a&b=c" \u202E', scope: "reports", mode: "advanced", sort: "-score" },
      layout: { columns: [], facets: ["tag", "metadata.case"], over: "size" },
    },
  ];
  for (const place of places) assert.deepEqual(again(place), place);
});

Deno.test("a query with no room in an address is kept beside it", () => {
  const q = "d41d8cd98f00b204e9800998ecf8427e ".repeat(5000);
  const place: Route = { view: "search", terms: { ...everything, q }, layout: usualLayout };
  assert(addressOf(place).address.length < 100);
  assert.deepEqual(again(place), place);
});

Deno.test("readRoute() takes the start for what it doesn't know, and usual values for wrong ones", () => {
  assert.deepEqual(readRoute("?view=../x", null), { view: "home" });
  const { terms } = readRoute("?view=search&mode=wild&scope=all", 7) as Extract<Route, { view: "search" }>;
  assert.deepEqual(terms, everything);
});
