import { css } from "lit";

/** The design tokens, set once by `assay-scope` and inherited by every element; a page overrides them from outside. */
export const tokens = css`
  :host {
    color-scheme: var(--assay-color-scheme, light dark);
    --_surface: var(--assay-surface, light-dark(#ffffff, #14181d));
    --_surface-raised: var(--assay-surface-raised, light-dark(#f5f7f9, #1c2229));
    --_surface-sunken: var(--assay-surface-sunken, light-dark(#eceff2, #0f1317));
    --_border: var(--assay-border, light-dark(#d3d9df, #333c46));
    --_text: var(--assay-text, light-dark(#16202a, #e4e9ee));
    --_text-quiet: var(--assay-text-quiet, light-dark(#51606e, #9fabb7));
    --_accent: var(--assay-accent, light-dark(#0b5fb0, #6db3f8));
    --_accent-text: var(--assay-accent-text, light-dark(#ffffff, #08131f));
    --_malicious: var(--assay-malicious, light-dark(#b3181c, #ff8a84));
    --_suspicious: var(--assay-suspicious, light-dark(#8a5200, #f5b95a));
    --_benign: var(--assay-benign, light-dark(#166b35, #74d391));
    --_radius: var(--assay-radius, 8px);
    --_mono: var(--assay-font-mono, ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace);
    --_sans: var(--assay-font, system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    color: var(--_text);
    font: 400 0.9375rem/1.5 var(--_sans);
  }
`;

/** Buttons, fields and tables look the same in every element. */
export const controls = css`
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  button,
  .button {
    font: inherit;
    font-weight: 550;
    color: var(--_accent);
    background: transparent;
    border: 1px solid var(--_border);
    border-radius: 6px;
    padding: 0.3rem 0.75rem;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    border-color: var(--_accent);
  }
  button.primary {
    color: var(--_accent-text);
    background: var(--_accent);
    border-color: var(--_accent);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.link {
    border: 0;
    padding: 0;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 2px;
    overflow-wrap: anywhere;
  }
  input,
  select {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: 6px;
    padding: 0.3rem 0.5rem;
    min-width: 0;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  label {
    display: grid;
    gap: 0.2rem;
    color: var(--_text-quiet);
    font-size: 0.8125rem;
  }
  label > input,
  label > select {
    color: var(--_text);
    font-size: 0.9375rem;
  }
  h2,
  h3 {
    margin: 0;
    line-height: 1.3;
  }
  h2 {
    font-size: 1.0625rem;
  }
  h3 {
    font-size: 0.9375rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th {
    text-align: start;
    font-weight: 550;
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  th,
  td {
    padding: 0.35rem 1rem 0.35rem 0;
    border-bottom: 1px solid var(--_border);
    vertical-align: top;
  }
  .mono {
    font-family: var(--_mono);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--_text-quiet);
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .error {
    border-inline-start: 3px solid var(--_malicious);
    background: var(--_surface-raised);
    padding: 0.6rem 0.8rem;
    border-radius: 0 6px 6px 0;
  }
  .empty {
    color: var(--_text-quiet);
    padding: 1.5rem 0;
    text-align: center;
  }
`;
