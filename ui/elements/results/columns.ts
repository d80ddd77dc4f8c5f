import type { SearchHit } from "../../controllers/search.ts";
import { formatSize, formatTime } from "../../text.ts";

/** A column of results. */
export interface Column {
  readonly id: keyof SearchHit & string;
  readonly title: string;
  /** The field that the column is sorted by and whose value a pivot asks for; null where there is none. */
  readonly field: string | null;
  readonly sortable: boolean;
  readonly numeric: boolean;
  /** Shown where the table has so many pixels. */
  readonly from: number;
  /** How a value is shown. */
  readonly show: (hit: SearchHit) => string;
  /** The value as a query writes it. */
  readonly value: (hit: SearchHit) => string;
}

const column = (id: Column["id"], title: string, given: Partial<Column> = {}): Column => ({
  id,
  title,
  field: id,
  sortable: true,
  numeric: false,
  from: 0,
  show: (hit) => String(hit[id]),
  value: (hit) => String(hit[id]),
  ...given,
});

/** Every column beside the name, which is always there. */
export const columns: readonly Column[] = [
  column("fileType", "Type", { from: 480 }),
  column("size", "Size", { from: 640, numeric: true, show: ({ size }) => formatSize(size) }),
  column("tags", "Tags", { from: 760, field: "tag", sortable: false }),
  column("seen", "Analysed", { from: 880, field: null, show: ({ seen }) => formatTime(seen).slice(0, 16) }),
  column("sha256", "SHA-256", { from: 1000, show: ({ sha256 }) => `${sha256.slice(0, 12)}…` }),
  column("mime", "Media type", { from: 1000 }),
  column("score", "Score", { from: 640, numeric: true, field: null }),
];

/** Those that are shown where nobody chose. */
export const usualColumns: readonly string[] = ["fileType", "size", "tags", "seen", "sha256"];
