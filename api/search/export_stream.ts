import type { ColumnValue, SearchExport } from "@assay/infra";
import type { ExportFormat } from "./export_format.ts";

/** What an export is made of. */
export interface ExportSource {
  readonly all: SearchExport;
  readonly columns: readonly string[];
  readonly format: ExportFormat;
  /** What a failure in mid-stream is told as. */
  readonly problemOf: (cause: unknown) => { readonly code: string; readonly detail: string };
  /** Called once, when it has ended in whatever way. */
  readonly onEnd: () => void;
}

/**
 * The rows as text, a portion at a time and only as fast as they are read: memory stays flat. Where reading fails in
 * mid-stream, a last line says so and the stream errors, so that the connection breaks off: nobody takes it for whole.
 */
export function streamExport(
  { all, columns, format, problemOf, onEnd }: ExportSource,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let head = format.head(columns);
  let failure: unknown;
  let last = "";
  const write = (rows: readonly (readonly ColumnValue[])[]) => {
    let text = head;
    head = "";
    for (const values of rows) {
      const row = format.row(columns, values);
      if (!format.distinct || row !== last) text += row;
      last = row;
    }
    return text;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (failure !== undefined) return controller.error(failure);
      try {
        // A pull that gives nothing would be the last one.
        for (;;) {
          const next = await all.rows.next();
          const text = write(next.done ? [] : next.value);
          if (text !== "") controller.enqueue(encoder.encode(text));
          if (next.done) {
            onEnd();
            return controller.close();
          }
          if (text !== "") return;
        }
      } catch (cause) {
        failure = cause;
        onEnd();
        controller.enqueue(encoder.encode(head + format.failure(problemOf(cause))));
      }
    },
    async cancel() {
      onEnd();
      await all.rows.return(undefined);
    },
  }, { highWaterMark: 0 });
}
