import { css } from "lit";

/** Styles of `assay-query`. */
export const styles = css`
  :host {
    display: block;
    position: relative;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: stretch;
  }
  .box {
    position: relative;
    flex: 1 1 24rem;
    min-width: 0;
    height: 2.75rem;
    border: 1px solid var(--_border);
    border-radius: 6px;
    background: var(--_surface);
  }
  .box:focus-within {
    border-color: var(--_accent);
    outline: 1px solid var(--_accent);
  }
  .box.wrong {
    border-color: var(--_malicious);
  }
  .mirror,
  .box input {
    position: absolute;
    inset: 0;
    width: 100%;
    margin: 0;
    border: 0;
    padding: 0 0.75rem;
    font: 0.9375rem/2.65rem var(--_mono);
    letter-spacing: 0;
    white-space: pre;
    background: transparent;
  }
  .mirror {
    overflow: hidden;
    pointer-events: none;
  }
  .box input {
    outline: none;
  }
  .box input.coloured {
    color: transparent;
    caret-color: var(--_text);
  }
  .box input::selection {
    color: transparent;
    background: color-mix(in srgb, var(--_accent) 30%, transparent);
  }
  .field {
    color: var(--_accent);
  }
  .unknown {
    color: var(--_malicious);
  }
  .value {
    color: var(--_benign);
  }
  .phrase {
    color: var(--_suspicious);
  }
  .operator,
  .sign {
    color: var(--_text-quiet);
    font-weight: 700;
  }
  .error-place {
    text-decoration: underline wavy var(--_malicious);
    text-underline-offset: 4px;
  }
  .list {
    position: absolute;
    z-index: 20;
    inset-inline: 0;
    top: calc(100% + 4px);
    max-height: 22rem;
    overflow-y: auto;
    margin: 0;
    padding: 0.25rem;
    list-style: none;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 8px 24px color-mix(in srgb, black 25%, transparent);
  }
  .list li {
    display: flex;
    gap: 1rem;
    align-items: baseline;
    padding: 0.25rem 0.5rem;
    border-radius: 4px;
    cursor: pointer;
  }
  .list li[aria-selected="true"] {
    background: color-mix(in srgb, var(--_accent) 16%, transparent);
    outline: 1px solid var(--_accent);
  }
  .list code {
    font: 0.875rem var(--_mono);
    overflow-wrap: anywhere;
  }
  .list small {
    flex: 1;
    min-width: 4rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .list .count {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  form select {
    min-height: 2.75rem;
  }
  form button {
    min-width: 2.75rem;
  }
  .error,
  .note {
    margin: 0.5rem 0 0;
  }
  .error code {
    font-family: var(--_mono);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @media (forced-colors: active) {
    .box input.coloured {
      color: FieldText;
    }
    .mirror {
      visibility: hidden;
    }
  }
`;
