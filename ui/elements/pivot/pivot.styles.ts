import { css } from "lit";

/** Styles of `assay-pivot`. */
export const styles = css`
  :host {
    display: inline;
    overflow-wrap: anywhere;
  }
  .open {
    display: inline-grid;
    place-items: center;
    width: 1.5rem;
    height: 1.5rem;
    margin-block: -0.25rem;
    padding: 0;
    border-color: transparent;
    color: var(--_text-quiet);
    font-family: var(--_sans);
    line-height: 1;
    vertical-align: middle;
  }
  :host([inline]) .open {
    display: inline-block;
    width: auto;
    height: auto;
    min-height: 1.5rem;
    margin: 0;
    border: 0;
    color: var(--_text);
    font: inherit;
    text-align: start;
    overflow-wrap: anywhere;
  }
  :host([inline]) .open:hover,
  :host([inline]) .open[aria-expanded="true"] {
    color: var(--_accent);
    text-decoration: underline;
  }
  .open[aria-expanded="true"] {
    border-color: var(--_accent);
    color: var(--_accent);
  }
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0.25rem;
    min-width: 11rem;
    max-width: min(22rem, 90vw);
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.18);
    font: 400 0.875rem/1.4 var(--_sans);
  }
  [role="menuitem"] {
    display: block;
    width: 100%;
    padding: 0.3rem 0.6rem;
    border: 0;
    border-radius: 4px;
    text-align: start;
    font-weight: 450;
    color: var(--_text);
  }
  [role="menuitem"]:hover,
  [role="menuitem"]:focus-visible {
    background: var(--_surface-sunken);
    outline-offset: -2px;
  }
  .said {
    margin-inline-start: 0.35rem;
    color: var(--_text-quiet);
    font: 400 0.75rem/1 var(--_sans);
  }
  .said:empty {
    margin: 0;
  }
`;
