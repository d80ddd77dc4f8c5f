import { css } from "lit";

/** Styles of `assay-results`. */
export const styles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
    min-height: 2.25rem;
    margin-bottom: 0.5rem;
  }
  .bar p {
    margin: 0;
    flex: 1;
  }
  .columns {
    position: relative;
  }
  .columns summary {
    cursor: pointer;
    line-height: 1.75rem;
    color: var(--_accent);
    font-weight: 550;
  }
  .columns div {
    position: absolute;
    z-index: 10;
    inset-inline-end: 0;
    display: grid;
    gap: 0.3rem;
    padding: 0.6rem 0.9rem;
    min-width: 10rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 8px 24px color-mix(in srgb, black 25%, transparent);
  }
  .columns label {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    font-size: 0.875rem;
    color: var(--_text);
  }
  .scroll {
    overflow: auto;
    max-height: max(24rem, calc(100vh - 15rem));
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    overscroll-behavior-y: contain;
  }
  table {
    table-layout: fixed;
    font-size: 0.875rem;
    border-collapse: separate;
    border-spacing: 0;
  }
  th {
    position: sticky;
    top: 0;
    z-index: 2;
    background: var(--_surface-raised);
    padding: 0.4rem 0.6rem;
    vertical-align: middle;
  }
  th button {
    border: 0;
    padding: 0;
    min-height: 1.5rem;
    min-width: 1.5rem;
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  th[aria-sort="ascending"] button,
  th[aria-sort="descending"] button {
    color: var(--_text);
  }
  tr.hit {
    height: 52px;
  }
  tr.hit > td {
    height: 52px;
    padding: 0 0.6rem;
    vertical-align: middle;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  tr.hit:hover > td {
    background: var(--_surface-raised);
  }
  tr.hit.current > td {
    background: color-mix(in srgb, var(--_accent) 10%, transparent);
  }
  tr.hit.current > td:first-child {
    box-shadow: inset 3px 0 var(--_accent);
  }
  tr.space > td {
    padding: 0;
    border: 0;
  }
  @media (max-width: 40rem) {
    tr.more > td {
      padding-inline-start: 1rem;
    }
  }
  tr.more > td {
    padding: 0.75rem 1rem 1rem 3rem;
    background: var(--_surface-raised);
  }
  th.check,
  tr.hit > td.check {
    width: 2.75rem;
    padding-inline: 0.6rem 0.2rem;
  }
  .check input {
    appearance: none;
    display: grid;
    place-items: center;
    width: 1.5rem;
    height: 1.5rem;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    cursor: pointer;
  }
  .check input::before {
    content: "";
    width: 0.95rem;
    height: 0.95rem;
    border: 1.5px solid var(--_text-quiet);
    border-radius: 3px;
    font: 700 0.75rem/0.85rem var(--_sans);
    text-align: center;
  }
  .check input:checked::before,
  .check input:indeterminate::before {
    content: "✓";
    color: var(--_accent-text);
    background: var(--_accent);
    border-color: var(--_accent);
  }
  .check input:indeterminate::before {
    content: "–";
  }
  .verdict {
    width: 9.75rem;
  }
  .fileType,
  .score {
    width: 6rem;
  }
  .size {
    width: 6.5rem;
  }
  .tags {
    width: 11rem;
  }
  .seen {
    width: 9.5rem;
  }
  .sha256,
  .mime {
    width: 10rem;
  }
  .name > div {
    display: flex;
    gap: 0.4rem;
    align-items: center;
    min-width: 0;
  }
  .name button.link {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 550;
  }
  .match {
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  .match > span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .module {
    flex: none;
    font-size: 0.75rem;
    padding: 0 0.35rem;
    border: 1px solid var(--_border);
    border-radius: 4px;
  }
  mark {
    color: var(--_text);
    font-weight: 650;
    background: color-mix(in srgb, var(--_suspicious) 28%, transparent);
    border-radius: 2px;
  }
  button.value {
    border: 1px solid transparent;
    padding: 0 0.2rem;
    margin-inline-start: -0.2rem;
    color: inherit;
    font-weight: inherit;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  button.value:hover {
    border-color: var(--_accent);
  }
  button.tag {
    margin: 0 0.2rem 0 0;
    padding: 0 0.35rem;
    font-size: 0.8125rem;
    border-color: var(--_border);
    max-width: 8rem;
  }
  button.more {
    flex: none;
    border: 0;
    padding: 0 0.3rem;
  }
  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0.3rem 1.25rem;
    margin: 0;
  }
  dt {
    color: var(--_text-quiet);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .stale {
    opacity: 0.5;
  }
  .more button.value {
    white-space: normal;
    text-align: start;
    overflow-wrap: anywhere;
  }
  @media (forced-colors: active) {
    .check input {
      appearance: auto;
    }
    .check input::before {
      display: none;
    }
  }
  .state {
    padding: 0.75rem 1rem;
    margin: 0;
  }
`;
