import { css } from "lit";

/** Styles of `assay-observable` and `assay-observables`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .value {
    margin: 0 0 0.5rem;
  }
  .value .mono {
    font-size: 0.9375rem;
  }
  .scroll {
    overflow-x: auto;
  }
  .counted {
    min-width: 34rem;
  }
  .name {
    overflow-wrap: anywhere;
    min-width: 8rem;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    align-items: center;
    margin-bottom: 0.5rem;
  }
  form label {
    display: flex;
    gap: 0.35rem;
    align-items: center;
    min-height: 1.6rem;
    font-size: 0.875rem;
    color: var(--_text);
  }
  .more {
    margin-top: 0.75rem;
  }
  @container (max-width: 34rem) {
    .wide {
      display: none;
    }
  }
`;
