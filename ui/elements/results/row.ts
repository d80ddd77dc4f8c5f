import { html } from "lit";
import type { SearchHit } from "../../controllers/search.ts";
import { showText } from "../../text.ts";
import type { Column } from "./columns.ts";
import { renderMarked } from "./marked.ts";

const MOST_TAGS = 2;
/** Characters shown before the first match. */
const BEFORE = 12;

/** A value that opens the pivot menu: the list listens to its clicks. */
export function renderValue(field: string, value: string, shown: unknown, look = "") {
  return html`
    <button class="value ${look}" aria-haspopup="menu" data-field=${field}
      data-value=${value}>${shown}</button>
  `;
}

/** What a column says of a hit. */
export function renderCell(column: Column, hit: SearchHit) {
  if (column.id === "tags") return renderTags(hit.tags);
  const shown = showText(column.show(hit));
  return column.field === null ? shown : renderValue(column.field, column.value(hit), shown);
}

function renderTags(tags: readonly string[]) {
  const over = tags.length - MOST_TAGS;
  return html`${tags.slice(0, MOST_TAGS).map((tag) => renderValue("tag", tag, showText(tag), "tag"))}${
    over > 0 ? html`<span class="quiet">+${over}</span>` : null
  }`;
}

/** The name of a hit, and below it where it matched. */
export function renderName(hit: SearchHit, at: number) {
  const name = hit.name === null ? `${hit.sha256.slice(0, 24)}…` : showText(hit.name);
  const match = hit.matches.find(({ field }) => field !== "name") ?? hit.matches[0];
  const fragment = match?.fragments[0];
  return html`
    <div>
      <button class="link" data-at=${at} data-verb="open" title=${name}>${name}</button>
      ${hit.name === null ? null : html`
        <button class="value more" aria-haspopup="menu" aria-label="What to do with the name ${name}"
          data-field="name" data-value=${hit.name}>⋯</button>
      `}
    </div>
    ${match && fragment !== undefined
      ? html`
        <div class="match">
          <span class="module">${originOf(match)}</span>
          <span>${renderMarked(nearMatch(fragment))}</span>
        </div>
      `
      : null}
  `;
}

/** A fragment from shortly before its first match, so that it is in sight. */
function nearMatch(fragment: string): string {
  const at = fragment.indexOf("\uE000");
  return at > BEFORE ? `…${fragment.slice(at - BEFORE)}` : fragment;
}

/** Where a match came from: the modules that found it and its field. */
function originOf({ field, modules }: SearchHit["matches"][number]): string {
  const names = showText(modules.join(", "));
  if (modules.length === 0 || field === `text.${modules[0]}`) return names || showText(field);
  return `${names} · ${showText(field)}`;
}

/** All that is known of a hit without its report. */
export function renderUnfolded(hit: SearchHit) {
  return html`
    <dl>
      <dt>SHA-256</dt>
      <dd class="mono">${renderValue("sha256", hit.sha256, hit.sha256)}</dd>
      <dt>Media type</dt>
      <dd>${renderValue("mime", hit.mime, showText(hit.mime))}</dd>
      ${hit.tags.length === 0 ? null : html`
        <dt>Tags</dt>
        <dd>${hit.tags.map((tag) => renderValue("tag", tag, showText(tag), "tag"))}</dd>
      `}
      ${hit.matches.map((match) =>
        html`
          <dt>${originOf(match)}</dt>
          <dd class="mono">${match.fragments.map((fragment) =>
            html`<div>${renderMarked(fragment)}</div>`
          )}</dd>
        `
      )}
    </dl>
  `;
}
