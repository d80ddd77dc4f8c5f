import { css } from "lit";

/** Styles of `assay-notes`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  form {
    display: grid;
    gap: 0.5rem;
  }
  textarea {
    width: 100%;
    min-height: 4.5rem;
    resize: vertical;
    font: inherit;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: 6px;
    padding: 0.4rem 0.5rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: end;
  }
  .row label {
    display: flex;
    align-items: center;
    gap: 0.4rem;
  }
  ol {
    list-style: none;
    margin: 0.75rem 0 0;
    padding: 0;
    display: grid;
    gap: 0.75rem;
  }
  ol > li {
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    padding: 0.6rem 0.8rem;
  }
  .by {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    align-items: baseline;
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  .by strong {
    color: var(--_text);
  }
  .by span:last-of-type {
    flex: 1;
  }
  .by button {
    font-size: 0.8125rem;
    padding: 0.1rem 0.5rem;
    min-height: 1.6rem;
  }
  .text {
    margin: 0.4rem 0 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .versions {
    margin: 0.5rem 0 0;
    padding-inline-start: 0.8rem;
    border-inline-start: 2px solid var(--_border);
    font-size: 0.875rem;
  }
  .undo {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
    margin: 0.75rem 0 0;
    padding: 0.4rem 0.8rem;
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
  }
  .empty {
    padding: 0.5rem 0;
    text-align: start;
  }
  .more {
    margin-top: 0.75rem;
  }
`;
