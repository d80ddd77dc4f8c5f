import { isShown } from "../../model/shown.ts";
import type { StixObject } from "../object.ts";

/** Text: nothing in it that a reader can't see, but in the text of rules, which is given as it is; and no name is empty. */
export function checkText(object: StixObject): string[] {
  const problems: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string") {
      const good = path === "pattern" ? value.isWellFormed() : isShown(value);
      if (!good) problems.push(`${path}: expected text without unseen characters`);
    } else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === "" ? key : `${path}.${key}`);
    }
  };
  walk(object, "");
  for (const name of ["name", "value", "content", "pattern"]) {
    if (object[name] === "") problems.push(`${name}: expected some text`);
  }
  return problems;
}
