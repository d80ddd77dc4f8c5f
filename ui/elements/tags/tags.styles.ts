import { css } from "lit";

/** Styles of `assay-tags`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-height: 1.75rem;
    padding-inline: 0.6rem 0.15rem;
    border: 1px solid var(--_border);
    border-radius: 999px;
    background: var(--_surface-raised);
    font-size: 0.875rem;
  }
  li small {
    color: var(--_text-quiet);
  }
  li button {
    width: 1.5rem;
    height: 1.5rem;
    padding: 0;
    border-color: transparent;
    border-radius: 999px;
    color: var(--_text-quiet);
    line-height: 1;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: end;
    margin-top: 0.6rem;
  }
  form label:first-child {
    flex: 1 1 9rem;
    max-width: 20rem;
  }
  details {
    margin-top: 0.6rem;
  }
  summary {
    cursor: pointer;
    font-size: 0.875rem;
    color: var(--_text-quiet);
  }
  .scroll {
    overflow-x: auto;
  }
  .empty {
    padding: 0;
    text-align: start;
  }
`;
