/** The key that was pressed outside of everything that is typed into, without modifiers; null otherwise. */
export function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return null;
  const isTyped = target instanceof HTMLInputElement && target.type !== "checkbox" ||
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
  const isCovered = event.composedPath().some((one) =>
    one instanceof HTMLDialogElement || one instanceof HTMLElement && one.popover !== null
  );
  return isTyped || isCovered ? null : event.key;
}
