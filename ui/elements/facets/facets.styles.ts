import { css } from "lit";

/** Styles of `assay-facets`. */
export const styles = css`
  :host {
    display: block;
    min-width: 0;
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 0.5rem;
    min-height: 2rem;
  }
  details {
    border-bottom: 1px solid var(--_border);
    padding: 0.25rem 0 0.5rem;
  }
  summary {
    cursor: pointer;
    font-weight: 550;
    font-size: 0.875rem;
    line-height: 1.75rem;
    overflow-wrap: anywhere;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    position: relative;
    display: flex;
    align-items: center;
    gap: 0.25rem;
  }
  .parts {
    padding-bottom: 0.5rem;
    border-bottom: 1px solid var(--_border);
  }
  .parts code {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font: 0.8125rem var(--_mono);
  }
  li button {
    border: 0;
    font-weight: 450;
  }
  li .keep {
    flex: 1;
    min-width: 0;
    min-height: 1.75rem;
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
    padding: 0.1rem 0.4rem;
    color: var(--_text);
    font-size: 0.875rem;
    text-align: start;
    border-radius: 4px;
  }
  li .keep > span:first-child {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  li .keep:hover {
    background: var(--_surface-raised);
  }
  li [aria-pressed="true"] {
    color: var(--_accent);
    font-weight: 700;
  }
  li .leave {
    flex: none;
    padding: 0;
    width: 1.75rem;
    height: 1.75rem;
    color: var(--_text-quiet);
  }
  li .leave[aria-pressed="true"] {
    color: var(--_malicious);
  }
  p {
    margin: 0.25rem 0.4rem;
    font-size: 0.8125rem;
  }
  .add {
    display: block;
    margin-top: 0.75rem;
  }
  .add select {
    width: 100%;
  }
`;
