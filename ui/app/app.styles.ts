import { css } from "lit";

/** Styles of the page. */
export const styles = css`
  :host {
    display: block;
  }
  assay-scope {
    min-height: 100vh;
    background: var(--assay-surface, light-dark(#ffffff, #14181d));
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1.5rem;
    min-height: 3.6rem;
    padding: 0 1.5rem;
    border-bottom: 1px solid var(--_border);
    background: var(--_surface-raised);
  }
  .top h1,
  .top p {
    margin: 0;
    font-size: 1rem;
  }
  .brand {
    font-weight: 700;
    font-size: 1.125rem;
    letter-spacing: -0.01em;
    color: var(--_text);
    text-decoration: none;
  }
  .top nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    align-items: center;
  }
  .top nav:first-of-type {
    flex: 1;
  }
  .top nav a {
    font-weight: 500;
    font-size: 0.9375rem;
    line-height: 2.2;
    color: var(--_text-quiet);
    text-decoration: none;
    border-bottom: 2px solid transparent;
  }
  .top nav a:hover {
    color: var(--_text);
  }
  .top nav a[aria-current="page"] {
    color: var(--_text);
    border-bottom-color: var(--_accent);
  }
  main {
    max-width: 76rem;
    margin: 0 auto;
    padding: 1.5rem;
  }
  main.wide {
    max-width: 100rem;
  }
  .home {
    display: grid;
    gap: 2rem;
  }
  .back {
    margin-bottom: 1rem;
  }
  @media (max-width: 40rem) {
    .top {
      gap: 0 1rem;
      padding: 0.25rem 1rem;
    }
    .top nav:first-of-type {
      order: 1;
      flex-basis: 100%;
    }
    .top nav:last-of-type {
      flex: 1;
      justify-content: end;
    }
    main {
      padding: 1rem;
    }
  }
`;
