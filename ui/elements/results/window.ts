/** Which rows of a long list are drawn, and how much room the rest takes. */
export interface RowWindow {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Pixels above and below. */
  readonly before: number;
  readonly after: number;
}

/** What is known of the list and where it stands. Lengths in pixels. */
export interface Viewed {
  readonly count: number;
  readonly row: number;
  readonly top: number;
  readonly height: number;
  /** The row that is unfolded, -1 for none, and how much higher that makes it. */
  readonly unfolded: number;
  readonly more: number;
}

/** Rows drawn beyond the edges, so that a short scroll shows no gap. */
const BEYOND = 12;

/** The rows in sight of a list whose rows are all equally high, but for one that may be unfolded. */
export function windowOf({ count, row, top, height, unfolded, more }: Viewed): RowWindow {
  const isAbove = unfolded >= 0 && top > unfolded * row + row;
  const shift = isAbove ? Math.min(more, top - (unfolded * row + row)) : 0;
  const first = Math.floor((top - shift) / row);
  const start = Math.max(0, Math.min(first - BEYOND, count));
  const end = Math.min(count, first + Math.ceil(height / row) + BEYOND + 1);
  const within = (from: number, to: number) => unfolded >= from && unfolded < to ? more : 0;
  return {
    start,
    end,
    before: start * row + within(0, start),
    after: (count - end) * row + within(end, count),
  };
}
