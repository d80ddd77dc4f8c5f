import { css } from "lit";

/** Styles of `assay-export`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin: 0 0 0.5rem;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 0.2rem;
    color: var(--_text-quiet);
    font-size: 0.8125rem;
  }
  fieldset label {
    display: flex;
    gap: 0.35rem;
    align-items: center;
    min-height: 2rem;
    padding-inline: 0.6rem;
    border: 1px solid var(--_border);
    border-radius: 6px;
    color: var(--_text);
    font-size: 0.9375rem;
  }
  fieldset label:has(:checked) {
    border-color: var(--_accent);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    margin-top: 0.6rem;
  }
  .row > label {
    display: flex;
    gap: 0.35rem;
    align-items: center;
    min-height: 1.6rem;
    color: var(--_text);
    font-size: 0.9375rem;
  }
  p {
    margin: 0.25rem 0;
  }
  progress {
    flex: 1;
    min-width: 6rem;
    accent-color: var(--_accent);
  }
  iframe,
  pre {
    width: 100%;
    height: 32rem;
    margin: 0.75rem 0 0;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  iframe {
    /* A report as a page is dark on light, whatever is around it. */
    background: #ffffff;
  }
  pre {
    overflow: auto;
    padding: 0.75rem 1rem;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    background: var(--_surface-sunken);
  }
`;
