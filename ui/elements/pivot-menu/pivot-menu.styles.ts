import { css } from "lit";

/** Styles of `assay-pivot-menu`. */
export const styles = css`
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0.25rem;
    min-width: 13rem;
    max-width: 22rem;
    color: var(--_text);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: 0 8px 24px color-mix(in srgb, black 25%, transparent);
  }
  p {
    margin: 0;
    padding: 0.25rem 0.5rem 0.4rem;
    font-size: 0.8125rem;
    max-height: 6rem;
    overflow: hidden;
  }
  p:empty {
    display: none;
  }
  button {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 1rem;
    width: 100%;
    border: 0;
    padding: 0.3rem 0.5rem;
    border-radius: 4px;
    text-align: start;
    color: var(--_text);
    font-weight: 450;
  }
  button:hover,
  button:focus-visible {
    background: color-mix(in srgb, var(--_accent) 16%, transparent);
    outline-offset: -2px;
  }
  kbd {
    font: 0.75rem var(--_mono);
    color: var(--_text-quiet);
  }
`;
