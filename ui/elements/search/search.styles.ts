import { css } from "lit";

/** Styles of `assay-search`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .head {
    display: flex;
    gap: 0.5rem;
    align-items: start;
  }
  .head assay-query {
    flex: 1;
    min-width: 0;
  }
  .head > button {
    flex: none;
    min-width: 2.75rem;
    min-height: 2.75rem;
    font-weight: 700;
  }
  assay-query-help {
    margin-top: 0.75rem;
  }
  .parts {
    display: grid;
    grid-template-columns: 15rem minmax(0, 1fr);
    gap: 1.5rem;
    margin-top: 1rem;
    align-items: start;
  }
  .main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    align-items: start;
    min-height: 2.25rem;
    margin-top: 0.5rem;
  }
  .tools > button {
    padding: 0.2rem 0.6rem;
    font-size: 0.875rem;
    min-height: 2.25rem;
  }
  .tools assay-bulk {
    flex: 1 1 20rem;
    min-width: 0;
  }
  .acted {
    margin: 0;
  }
  .unfold {
    display: none;
  }
  @container (max-width: 56rem) {
    .parts {
      grid-template-columns: minmax(0, 1fr);
    }
    .unfold {
      display: block;
      margin-top: 0.75rem;
    }
    aside:not(.unfolded) {
      display: none;
    }
  }
  @container (max-width: 34rem) {
    .head > button {
      min-height: 2.75rem;
    }
  }
`;
