import { Import, IMPORT_LIMITS, ImportEffect, importFormats, type ImportRemarks } from "@assay/core";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ConfigError } from "../config/load.ts";
import { createClient } from "./client/client.ts";
import { findInstallation } from "./client/running.ts";
import { commonOptions, configOf, runVerb } from "./options.ts";

const options = {
  ...commonOptions,
  server: { type: "string" },
  key: { type: "string" },
  source: { type: "string" },
  tlp: { type: "string" },
  verdict: { type: "string" },
  strict: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
} as const;

/** The import that was made; or what a dry run tells, or the import that was there. */
const Answer = z.union([
  Import,
  z.object({ isNew: z.literal(false), import: Import.nullable(), effect: ImportEffect.nullable() }),
]);

/** `assay import FORMAT FILE --source NAME`: imports what a partner sent. */
await runVerb(async () => {
  const { values, format, path } = parse();
  const { config } = await configOf(values);
  const client = createClient(await findInstallation({ ...values, data: config.data }));
  const { size } = await Deno.stat(path);
  if (size > IMPORT_LIMITS.bytes) {
    throw new ConfigError(`Cannot import '${path}': expected at most ${IMPORT_LIMITS.bytes} bytes`);
  }
  const file = await Deno.readFile(path);
  const query = new URLSearchParams({ source: values.source!, format, name: basename(path) });
  for (const [name, value] of Object.entries({ tlp: values.tlp, verdict: values.verdict })) {
    if (value !== undefined) query.set(name, value);
  }
  if (values.strict) query.set("strict", "true");
  if (values["dry-run"]) query.set("dryRun", "true");
  const answer = await client.upload(`/api/v1/imports?${query}`, Answer, () =>
    Promise.resolve({
      headers: { "content-type": "application/octet-stream" },
      length: file.length,
      parts: async function* () {
        yield file;
      },
    }));
  if (!("isNew" in answer)) {
    printEffect(answer);
    console.log(`Imported as ${answer.id}`);
  } else if (answer.effect !== null) {
    printEffect(answer.effect);
    console.log("Nothing was changed: leave --dry-run out to import it");
  } else {
    console.log(`Nothing was changed: it is there already${answer.import ? ` as ${answer.import.id}` : ""}`);
  }
  return 0;
});

function printEffect(effect: ImportEffect): void {
  const { objects, hashes, alreadyKnown, samples, notes, notesLeftOut, refused, notUnderstood } = effect;
  console.log(`${objects} objects: ${hashes} hashes (${alreadyKnown} known from there before)`);
  console.log(
    `${samples} samples here, ${notes} notes${notesLeftOut > 0 ? `, ${notesLeftOut} left out` : ""}`,
  );
  printRemarks("Refused", refused);
  printRemarks("Not understood", notUnderstood);
}

function printRemarks(title: string, { count, first }: ImportRemarks): void {
  if (count === 0) return;
  console.log(`${title}: ${count}`);
  for (const { where, why } of first.slice(0, 20)) console.log(`  ${where}: ${why}`);
  if (count > 20) console.log(`  and ${count - 20} more`);
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options,
      strict: true,
      allowPositionals: true,
    });
    const format = importFormats.find((one) => one === positionals[0]);
    if (format === undefined || positionals.length !== 2) {
      throw new TypeError(`Cannot import: expected ${importFormats.join(", ")} and a file`);
    }
    if (values.source === undefined) {
      throw new TypeError("Cannot import: expected '--source NAME', who sent it");
    }
    return { values, format, path: positionals[1]! };
  } catch (cause) {
    throw cause instanceof TypeError ? new ConfigError(cause.message, { cause }) : cause;
  }
}
