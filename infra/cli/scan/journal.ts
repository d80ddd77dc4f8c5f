import { dirname } from "node:path";
import type { FoundFile } from "./walk.ts";

/** One file that was submitted. */
export interface JournalEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number | null;
  readonly taskId: string;
}

/** What an earlier `scan` of the same paths has submitted, one JSON line a file, so that `--resume` goes on. */
export class Journal {
  readonly #file: string;
  readonly #entries = new Map<string, JournalEntry>();

  private constructor(file: string) {
    this.#file = file;
  }

  /** Opens the journal; `resume` keeps what it holds, otherwise it starts empty. */
  static async open(file: string, resume: boolean): Promise<Journal> {
    const journal = new Journal(file);
    await Deno.mkdir(dirname(file), { recursive: true });
    if (!resume) {
      await Deno.writeTextFile(file, "");
      return journal;
    }
    const text = await Deno.readTextFile(file).catch((cause) => {
      if (cause instanceof Deno.errors.NotFound) return "";
      throw cause;
    });
    for (const line of text.split("\n")) {
      const entry = parseEntry(line);
      if (entry) journal.#entries.set(entry.path, entry);
    }
    return journal;
  }

  /** The task of that file, where it was submitted and hasn't changed since. */
  taskOf(file: FoundFile): string | null {
    const entry = this.#entries.get(file.path);
    return entry && entry.size === file.size && entry.modified === file.modified ? entry.taskId : null;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await Deno.writeTextFile(this.#file, lines, { append: true });
  }
}

/** A line cut off by a kill is no entry: its file is submitted again. */
function parseEntry(line: string): JournalEntry | null {
  try {
    const entry = JSON.parse(line);
    return typeof entry.path === "string" && typeof entry.taskId === "string" ? entry : null;
  } catch {
    return null;
  }
}
