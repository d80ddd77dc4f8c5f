import type { Observation } from "@assay/core";
import { z } from "zod";
import { defineModule, type Findings, type Json } from "../../module/define.ts";
import { unpackGzip } from "./gzip.ts";
import { Allowance, Limits } from "./limits.ts";
import type { Unpacked } from "./member.ts";
import { openSevenZip, unpackBySevenZip } from "./seven_zip.ts";
import { unpackZip } from "./zip.ts";

/** Office documents are zips too, but their parts are no files to anybody. */
const ZIPS = ["zip", "jar", "apk"];
const SEVEN_ZIP = ["7z", "tar", "xz", "bzip2", "lzma", "rar", "cab", "iso", "ar", "deb", "rpm", "chm"];

const Options = z.strictObject({ limits: Limits.prefault({}) });
type Options = z.infer<typeof Options>;

/** Files inside files, each a sample of its own. Links are never followed, and names stay text. */
export default defineModule<Options>({
  name: "archive",
  title: "Archive",
  description:
    "Unpacks archives inside hard limits, with the submission's password and a list of usual ones.",
  category: "extraction",
  kind: "inline",
  version: "1.1.0",
  accepts: [...ZIPS, "gzip", ...SEVEN_ZIP],
  readsPassword: true,
  timeoutMs: 120_000,
  options: Options as unknown as z.ZodType<Options>,
  open({ limits }) {
    const sevenZip = openSevenZip();
    return async ({ bytes, fileType, passwords }) => {
      const allowance = new Allowance(limits, bytes.length);
      const unpacked = ZIPS.includes(fileType)
        ? await unpackZip(bytes, passwords, allowance)
        : fileType === "gzip"
        ? await unpackGzip(bytes, allowance)
        : await unpackBySevenZip(sevenZip, bytes, fileType, passwords, allowance);
      return report(unpacked, allowance);
    };
  },
});

function report({ type, members, files, opened, errors }: Unpacked, allowance: Allowance): Findings {
  const encrypted = members.some((member) => member.encrypted) || opened !== null;
  const tags = [
    ...(allowance.bomb ? ["archive-bomb"] : []),
    ...(encrypted && files.length === 0 && errors.length > 0 ? ["encrypted"] : []),
  ];
  return {
    observations: [
      { type: "property", field: "archive.type", value: type },
      { type: "property", field: "archive.encrypted", value: encrypted },
      ...tags.map((value): Observation => ({ type: "tag", value })),
      {
        type: "section",
        title: "Members",
        columns: ["Name", "Size", "Packed", "Encrypted", "Kind", "Modified"],
        rows: members.map((m) => [m.name.slice(0, 1024), m.size, m.packed, m.encrypted, m.kind, m.modified]),
        total: members.length,
      },
    ],
    raw: { type, encrypted, opened, members: members.length, errors: [...errors] } as Json,
    children: files,
    ...(allowance.notes.size > 0 && { limits: [...allowance.notes] }),
  };
}
