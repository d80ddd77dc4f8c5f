import { html } from "lit";
import { tlpLevels } from "../../tlp.ts";

/** How a saved search or a list is called, what it is for, and who sees it. */
export interface ShelfLabel {
  readonly name: string;
  readonly description: string | null;
  /** Null where it is its owner's alone. */
  readonly tlp: string | null;
}

/** The fields of a form for a label. */
export function renderLabel(label: ShelfLabel | null) {
  return html`
    <label>Name<input name="name" required maxlength="100" autocomplete="off" .defaultValue=${label?.name ??
      ""} /></label>
    <label>What it is for<textarea name="description" rows="2" maxlength="2000"
      .defaultValue=${label?.description ?? ""}></textarea></label>
    <label>Who sees it
      <select name="tlp">
        <option value="" .defaultSelected=${!label?.tlp}>only this key</option>
        ${tlpLevels.map((level) =>
          html`<option value=${level} .defaultSelected=${level === label?.tlp}>
            all who are cleared for TLP:${level.toUpperCase()}</option>`
        )}
      </select>
    </label>
  `;
}

/** What a form with those fields says. */
export function readLabel(form: FormData): ShelfLabel {
  const said = (name: string) => String(form.get(name) ?? "").trim();
  return { name: said("name"), description: said("description") || null, tlp: said("tlp") || null };
}

/** Who sees it, in short. */
export function sharing(tlp: string | null): string {
  return tlp === null ? "this key" : `TLP:${tlp.toUpperCase()}`;
}
