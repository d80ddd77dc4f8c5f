import { css } from "lit";

/** Styles of `assay-report`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  article {
    display: grid;
    gap: 1.75rem;
  }
  section {
    min-width: 0;
    overflow-x: auto;
  }
  h2 {
    margin-bottom: 0.5rem;
  }
  .head {
    --_tone: var(--_text-quiet);
    padding: 1rem 1.25rem;
    border-radius: var(--_radius);
    border-inline-start: 6px solid var(--_tone);
    background: var(--_surface-raised);
  }
  .head.malicious {
    --_tone: var(--_malicious);
  }
  .head.suspicious {
    --_tone: var(--_suspicious);
  }
  .head.benign {
    --_tone: var(--_benign);
  }
  .head div {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: baseline;
  }
  .level {
    color: var(--_tone);
    font-weight: 700;
    font-size: 1.25rem;
    text-transform: capitalize;
  }
  .tlp {
    margin-inline-start: auto;
    font-weight: 600;
    font-size: 0.8125rem;
  }
  h1 {
    font-size: 1.25rem;
    margin: 0.25rem 0;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .head p {
    margin: 0.25rem 0;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    padding-top: 0.5rem;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: end;
    gap: 1rem;
    margin-bottom: 0.75rem;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(6rem, max-content) 1fr;
    gap: 0.3rem 1.25rem;
    margin: 0;
  }
  dt {
    color: var(--_text-quiet);
  }
  dd {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .files {
    margin: 0;
    padding-inline-start: 1.2rem;
  }
  details {
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    margin-bottom: 0.5rem;
  }
  summary {
    padding: 0.5rem 0.8rem;
    cursor: pointer;
    font-weight: 550;
  }
  details > :not(summary) {
    margin: 0 0.8rem 0.8rem;
  }
  pre {
    overflow: auto;
    max-height: 30rem;
    white-space: pre-wrap;
  }
  .table {
    overflow-x: auto;
    max-height: 28rem;
  }
  td.mono {
    padding-inline-end: 1rem;
  }
`;
