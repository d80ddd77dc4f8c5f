import { css } from "lit";

/** Styles of `assay-bulk`. */
export const styles = css`
  :host {
    display: block;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
    min-height: 2.25rem;
  }
  .actions button {
    padding: 0.2rem 0.6rem;
    font-size: 0.875rem;
    min-height: 2.25rem;
  }
  .actions span {
    font-size: 0.875rem;
    margin-inline-end: 0.25rem;
  }
  .danger {
    color: var(--_malicious);
  }
  dialog button.danger.primary {
    color: var(--_accent-text);
    background: var(--_malicious);
    border-color: var(--_malicious);
  }
  .job {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    margin: 0.5rem 0;
    padding: 0.6rem 0.8rem;
    border-radius: var(--_radius);
    background: var(--_surface-raised);
  }
  .job p {
    flex: 1 1 16rem;
    margin: 0;
  }
  progress {
    width: 10rem;
    accent-color: var(--_accent);
  }
  fieldset {
    display: grid;
    gap: 0.3rem;
    margin: 0;
    border: 1px solid var(--_border);
    border-radius: 6px;
  }
  legend {
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
`;
