/** Every mark in a report, in reading order, those of its file trees too. */
export function marksIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("mark, assay-tree")].flatMap((found) =>
    found.localName === "mark" ? [found] : found.shadowRoot ? marksIn(found.shadowRoot) : []
  );
}

/** Brings one mark into sight and tells it from the others. */
export function showMark(marks: readonly HTMLElement[], at: number): void {
  for (const [i, mark] of marks.entries()) mark.classList.toggle("current", i === at);
  marks[at]?.scrollIntoView({ block: "center" });
}
