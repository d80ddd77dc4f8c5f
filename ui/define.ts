/** Registers an element unless its name is taken, so that loading the same bundle twice does no harm. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
