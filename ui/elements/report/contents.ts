import { html } from "lit";

/** A part of the report that can be gone to. */
export interface ContentsEntry {
  readonly id: string;
  readonly title: string;
  /** Beside the title; null where there is nothing to count. */
  readonly count: number | null;
  /** True for a part of the part before. */
  readonly within: boolean;
}

/** How the search stands. */
export interface FindView {
  readonly text: string;
  readonly matches: number;
  /** Which match is shown, from 1; 0 before one was gone to. */
  readonly at: number;
  readonly onInput: (event: Event) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onStepClick: (event: Event) => void;
}

/** The search field with its count and the steps from match to match. */
export function renderFind({ text, matches, at, onInput, onKeyDown, onStepClick }: FindView) {
  const searching = text.trim() !== "";
  return html`
    <search class="find">
      <label>Find in this report
        <input type="search" .value=${text} @input=${onInput} @keydown=${onKeyDown} placeholder="kernel32, http, .text" />
      </label>
      <div class="steps">
        <span role="status">${searching ? at > 0 ? `${at} of ${matches}` : tellMatches(matches) : ""}</span>
        ${searching && matches > 0
          ? html`
            <button data-step="-1" aria-label="Previous match" @click=${onStepClick}>↑</button>
            <button data-step="1" aria-label="Next match" @click=${onStepClick}>↓</button>
          `
          : null}
      </div>
    </search>
  `;
}

/** The parts of the report, each to go to. */
export function renderContents(entries: readonly ContentsEntry[], onGoClick: (event: Event) => void) {
  return html`
    <nav aria-label="Contents of the report">
      <ul>${entries.map(({ id, title, count, within }) =>
        html`
          <li
            class=${within
              ? "within"
              : ""}><button class="link" data-goal=${id} @click=${onGoClick}>${title}${count === null
              ? null
              : html`
                <span class="quiet">${count}</span>
              `}</button></li>
        `
      )}</ul>
    </nav>
  `;
}

function tellMatches(matches: number): string {
  return matches === 0 ? "no match" : matches === 1 ? "1 match" : `${matches} matches`;
}
