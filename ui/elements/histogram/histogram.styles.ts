import { css } from "lit";

/** Styles of `assay-histogram`. */
export const styles = css`
  :host {
    display: block;
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
  }
  header label {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .plot {
    position: relative;
    height: 7.5rem;
    margin-top: 0.5rem;
    touch-action: pan-y;
    cursor: crosshair;
    user-select: none;
  }
  .said {
    margin: 0.25rem 0;
    min-height: 1.4em;
    font-size: 0.8125rem;
  }
  .bar {
    color: color-mix(in srgb, var(--_accent) 62%, var(--_surface));
  }
  .chosen {
    color: var(--_suspicious);
  }
  .text {
    color: var(--_text-quiet);
  }
  .grid {
    color: var(--_border);
  }
  /* As high as what comes in its place, so that nothing jumps. */
  .empty {
    height: 10.9rem;
    margin: 0.5rem 0 0;
    padding-top: 2.75rem;
  }
  summary {
    cursor: pointer;
    font-size: 0.8125rem;
    line-height: 1.75rem;
    color: var(--_accent);
  }
  .table {
    overflow: auto;
    max-height: 18rem;
  }
  td,
  th {
    padding-block: 0.15rem;
  }
`;
