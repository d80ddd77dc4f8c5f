import { fieldFamilies, fields, operatorsOf, queryField } from "@assay/core";

/** The guide whose table of fields is made here. */
export const guideUrl = new URL("../../docs/using.md", import.meta.url);

const [BEGIN, END] = ["<!-- fields: `deno task fields` writes them -->\n", "<!-- end of fields -->"];

/** A family's member, to ask what can be asked of all. */
const members = ["metadata.name", "module.name.status", "text.name", "raw.name.path"];

/** The guide with its table of fields as the catalogue has them now. @throws {Error} where the table's place is gone */
export function withFieldTable(guide: string): string {
  const [before, rest] = split(guide, BEGIN);
  const [, after] = split(rest, END);
  return `${before}${BEGIN}${fieldTable()}${END}${after}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`Cannot write the table of fields: expected the line '${mark.trim()}'`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function fieldTable(): string {
  const rows = [
    ...fields.map((field) => ({
      ...field,
      is: [...field.facet ? ["facet"] : [], ...field.sortable ? ["sort"] : []].join(", "),
      taken: operatorsOf(field),
    })),
    ...fieldFamilies.map((family, index) => ({
      ...family,
      is: "",
      taken: operatorsOf(queryField(members[index]!)!),
    })),
  ];
  const lines = rows.map(({ name, type, description, example, is, taken }) => {
    const advanced = taken.advanced.length > 0 ? `; advanced: ${taken.advanced.join(" ")}` : "";
    const asked = example.startsWith(name.split(".")[0]!) && example.includes(":")
      ? example
      : `${name}:${example}`;
    return [code(name), type, description, code(asked), taken.always.join(" ") + advanced, is];
  });
  const head = ["field", "type", "what", "example", "operators", "use"];
  return [head, head.map(() => "---"), ...lines].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`
  ).join("");
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) await Deno.writeTextFile(guideUrl, withFieldTable(await Deno.readTextFile(guideUrl)));
