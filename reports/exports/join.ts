import type { Member } from "./member.ts";
import type { Survey } from "./survey.ts";

/** Joins the members of an export, without those that are missing, to one file. */
export type Join = (members: AsyncIterable<Member>, survey: Survey) => AsyncGenerator<string>;

const decoder = new TextDecoder();

/** One report a line. */
export const joinJson: Join = async function* (members) {
  for await (const { bytes } of members) yield `${JSON.stringify(JSON.parse(decoder.decode(bytes)))}\n`;
};

/** The rows of all under one statement and one header. */
export const joinCsv: Join = async function* (members, { statement }) {
  let first = true;
  for await (const { bytes } of members) {
    const text = decoder.decode(bytes);
    const header = text.indexOf("\r\n") + 2;
    const rows = text.indexOf("\r\n", header) + 2;
    yield first ? `# ${statement}\r\n${text.slice(header)}` : text.slice(rows);
    first = false;
  }
};

/** One after the other, each on a new page. */
export const joinText: Join = async function* (members) {
  let separator = "";
  for await (const { bytes } of members) {
    yield separator + decoder.decode(bytes);
    separator = "\f";
  }
};
