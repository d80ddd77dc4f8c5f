import { html } from "lit";
import type { Route } from "./route.ts";

/** The views that the header leads to, with their addresses. */
export const views = [
  ["home", "Analyses", "/"],
  ["search", "Search", "/?view=search"],
  ["searches", "Searches & hunts", "/?view=searches"],
  ["lists", "Lists", "/?view=lists"],
] as const satisfies readonly (readonly [Route["view"], string, string])[];

/** Draws a view; search, which stays in the page, is drawn by the page itself. `news` counts up with each hit of a hunt. */
export function renderView(route: Route, news: number) {
  switch (route.view) {
    case "home":
      return html`
        <div class="home">
          <assay-upload></assay-upload>
          <assay-task-list></assay-task-list>
        </div>
      `;
    case "report":
      return html`<assay-report report-id=${route.id}></assay-report>`;
    case "compare":
      return html`<assay-compare report-id=${route.id} other-id=${route.other}></assay-compare>`;
    case "searches":
      return html`<assay-searches fresh=${news}></assay-searches>`;
    case "lists":
      return html`<assay-lists list-id=${route.id}></assay-lists>`;
    case "notifications":
      return html`<assay-notifications fresh=${news}></assay-notifications>`;
    case "search":
      return null;
  }
}
