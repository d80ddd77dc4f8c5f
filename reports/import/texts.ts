import { IMPORT_LIMITS, type ImportedText, MAX_NOTE_BYTES, UnreadableImportError } from "@assay/core";
import { strictest, tlpLabel } from "../model/tlp.ts";
import { shownLines } from "../model/shown.ts";
import type { StixObject } from "../stix/object.ts";
import type { Subjects, Taken } from "./about.ts";

/** What malware, reports, groupings and notes say about files, at the level of the text and of what leads to the file. */
export function textsOf(taken: ReadonlyMap<string, Taken>, subjects: Subjects): ImportedText[] {
  const texts = [...taken.values()].flatMap((one): ImportedText[] => {
    const said = textOf(one.object);
    if (said === null) return [];
    const about = one.object.type === "malware" ? subjects.of(one.object.id) : subjects.named(one);
    const levels = Map.groupBy(about, ({ tlp }) => strictest([tlp, one.tlp]));
    return [...levels].map(([tlp, files]) => ({
      text: fit(`${said}\n\n${one.object.id}, ${tlpLabel(tlp)}`),
      tlp,
      hashes: files.map(({ value }) => value).sort(),
    }));
  });
  if (texts.length > IMPORT_LIMITS.texts) {
    throw new UnreadableImportError(
      `Cannot read bundle: expected at most ${IMPORT_LIMITS.texts} texts about files, got ${texts.length}; send it in parts`,
    );
  }
  return texts;
}

function textOf(object: StixObject): string | null {
  const { type, name, description, abstract, content } = object;
  switch (type) {
    case "malware":
    case "report":
    case "grouping":
      return description === undefined ? null : paragraphs(name, description);
    case "note":
      return paragraphs(abstract, content);
    default:
      return null;
  }
}

function paragraphs(...parts: readonly unknown[]): string | null {
  const lines = parts.filter((part) => typeof part === "string").map((part) => shownLines(part).trim());
  const text = lines.filter((line) => line !== "").join("\n\n");
  return text === "" ? null : text;
}

/** The text within the bounds of a note, its last line kept. */
function fit(text: string): string {
  const bytes = new Uint8Array(MAX_NOTE_BYTES);
  const encoder = new TextEncoder();
  if (encoder.encodeInto(text, bytes).read === text.length) return text;
  const last = `…${text.slice(text.lastIndexOf("\n\n"))}`;
  const room = MAX_NOTE_BYTES - encoder.encode(last).length;
  const { read } = encoder.encodeInto(text, bytes.subarray(0, room));
  return `${text.slice(0, read).toWellFormed()}${last}`;
}
