import { css } from "lit";

/** Styles of `assay-compare`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .sides {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 1rem;
    margin-bottom: 1rem;
  }
  .side {
    min-width: 0;
    padding: 0.75rem 1rem;
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    border-top: 4px solid var(--_border);
  }
  .side p {
    margin: 0.25rem 0 0;
    overflow-wrap: anywhere;
  }
  .side .letter {
    font-weight: 700;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.75rem;
    margin-bottom: 1rem;
  }
  .bar label {
    display: flex;
    align-items: center;
    gap: 0.35rem;
    min-height: 1.6rem;
    font-size: 0.9375rem;
    color: var(--_text);
  }
  section {
    margin-bottom: 1.5rem;
  }
  h2 {
    margin-bottom: 0.4rem;
  }
  .scroll {
    overflow-x: auto;
    max-height: 32rem;
  }
  table {
    table-layout: fixed;
    min-width: 34rem;
  }
  th:first-child {
    width: 11rem;
  }
  td {
    overflow-wrap: anywhere;
  }
  td > div + div {
    margin-top: 0.15rem;
  }
  td.a,
  td.b {
    border-inline-start: 3px solid transparent;
    padding-inline-start: 0.5rem;
  }
  tr.differs .a:not(:empty) {
    border-inline-start-color: var(--_suspicious);
  }
  tr.differs .b:not(:empty) {
    border-inline-start-color: var(--_accent);
  }
  @container (max-width: 34rem) {
    .sides {
      grid-template-columns: 1fr;
    }
  }
`;
