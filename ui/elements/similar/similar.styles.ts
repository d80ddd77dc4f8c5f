import { css } from "lit";

/** Styles of `assay-similar`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    align-items: end;
    margin-bottom: 0.75rem;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    color: var(--_text-quiet);
    font-size: 0.8125rem;
  }
  fieldset label {
    display: flex;
    gap: 0.35rem;
    align-items: center;
    min-height: 1.6rem;
    color: var(--_text);
    font-size: 0.875rem;
  }
  input[type="number"] {
    width: 5.5rem;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    min-width: 34rem;
  }
  .name {
    overflow-wrap: anywhere;
    min-width: 8rem;
  }
  meter {
    width: 4rem;
  }
  .strength {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.875rem;
  }
  .methods {
    margin: 0.75rem 0 0;
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  .more {
    margin-top: 0.75rem;
  }
  @container (max-width: 40rem) {
    .wide {
      display: none;
    }
  }
`;
