import { css } from "lit";

/** Native dialogs look the same in every element. */
export const dialogs = css`
  dialog {
    width: min(34rem, calc(100vw - 2rem));
    padding: 1.25rem 1.5rem;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  dialog::backdrop {
    background: color-mix(in srgb, black 45%, transparent);
  }
  dialog h2 {
    margin-bottom: 0.75rem;
  }
  dialog form {
    display: grid;
    gap: 0.9rem;
  }
  dialog .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: 0.75rem;
  }
  dialog textarea {
    font: inherit;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: 6px;
    padding: 0.3rem 0.5rem;
  }
  dialog label.inline {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    color: var(--_text);
    font-size: 0.9375rem;
  }
  dialog p {
    margin: 0;
    overflow-wrap: anywhere;
  }
`;
