import { css } from "lit";

/** Styles of `assay-report`. */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .layout {
    display: grid;
    grid-template-columns: 14rem minmax(0, 1fr);
    gap: 2rem;
    align-items: start;
  }
  aside {
    position: sticky;
    top: 0;
    max-height: 100vh;
    overflow-y: auto;
    padding: 0.75rem 4px;
    margin-inline: -4px;
    display: grid;
    gap: 0.5rem;
  }
  .find {
    position: sticky;
    top: -0.75rem;
    padding-block: 0.75rem 0.4rem;
    margin-top: -0.75rem;
    background: var(--_surface);
    z-index: 1;
  }
  .steps {
    display: flex;
    align-items: center;
    gap: 0.35rem;
    min-height: 1.9rem;
    font-size: 0.8125rem;
    color: var(--_text-quiet);
  }
  .steps span {
    flex: 1;
  }
  .steps button {
    width: 1.6rem;
    height: 1.6rem;
    padding: 0;
  }
  nav ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.875rem;
  }
  nav button.link {
    display: block;
    width: 100%;
    min-height: 1.6rem;
    text-decoration: none;
    font-weight: 450;
  }
  nav button.link:hover {
    text-decoration: underline;
  }
  nav .within {
    padding-inline-start: 0.9rem;
  }
  article {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.75rem;
  }
  [data-section] {
    scroll-margin-top: 0.75rem;
  }
  h1:focus-visible,
  h2:focus-visible,
  h3:focus-visible {
    outline-offset: 4px;
  }
  mark {
    background: var(--assay-mark, light-dark(#ffe08a, #6b5200));
    color: inherit;
  }
  mark.current {
    outline: 2px solid var(--_accent);
  }
  section {
    min-width: 0;
  }
  .scroll {
    overflow-x: auto;
  }
  .scroll > table {
    min-width: 36rem;
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
  dialog {
    width: min(52rem, 94vw);
    max-height: 86vh;
    padding: 1.25rem 1.5rem;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.45);
  }
  .bar {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 1rem;
    margin-bottom: 0.75rem;
  }
  .digest {
    display: flex;
    align-items: center;
    gap: 0.4rem;
  }
  .module h3 {
    margin-bottom: 0.4rem;
    font-family: var(--_mono);
  }
  .module + .module {
    margin-top: 1.25rem;
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
  assay-tree + h3 {
    margin-top: 0.75rem;
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
  .fold > .folded {
    margin-top: 0.6rem;
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
  td.short {
    white-space: nowrap;
  }
  .values {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.9rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  @container (max-width: 52rem) {
    .layout {
      grid-template-columns: minmax(0, 1fr);
      gap: 1rem;
    }
    aside {
      position: static;
      max-height: none;
    }
    .find {
      top: 0;
    }
    nav ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 1rem;
    }
    nav .within {
      padding: 0;
    }
    dl {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dd {
      margin-bottom: 0.5rem;
    }
  }
`;
