import type { ExportProfile } from "@assay/core";
import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { testStixTools } from "../../infra/install/testing.ts";
import { models } from "../fixtures/reports.ts";
import { buildBundle } from "./build.ts";
import { sortRun } from "./merge/line.ts";
import { mergeBundles } from "./merge/merge.ts";
import { renderStix } from "./render.ts";
import { testSettings } from "./testing.ts";
import type { StixBundle } from "./object.ts";

Deno.test("renderStix() satisfies OASIS's validator, python-stix2, pattern matching and MISP's converter", async () => {
  const bundles = async (profile: ExportProfile) => {
    const settings = await testSettings(profile);
    return Object.fromEntries(
      [...models()].map(([name, model]) => [name, JSON.parse(renderStix(model, settings)) as StixBundle]),
    );
  };
  const complaints = await readBundles({ bundles: await bundles("default"), misp: await bundles("misp") });
  assert.deepEqual(complaints, []);
});

Deno.test("mergeBundles() satisfies them with one bundle of all reports", async () => {
  const merged = async (profile: ExportProfile) => {
    const settings = await testSettings(profile);
    const bundles = [...models().values()].map((model) => buildBundle(model, settings));
    const run = sortRun(bundles.flatMap(({ objects }) => objects));
    const text = await Array.fromAsync(
      mergeBundles({ open: () => [ReadableStream.from([run])], schemas: settings.schemas }),
    );
    return { merged: JSON.parse(text.join("")) as StixBundle };
  };
  assert.deepEqual(await readBundles({ bundles: await merged("default"), misp: await merged("misp") }), []);
});

Deno.test("the tools that bundles are read with do complain", async () => {
  const settings = await testSettings();
  const text = renderStix(models().get("pe")!, settings);
  const changed = (type: string, properties: Record<string, unknown>) => {
    const bundle = JSON.parse(text) as { objects: Record<string, unknown>[] };
    Object.assign(bundle.objects.find((object) => object.type === type)!, properties);
    return bundle;
  };
  const complaints = await readBundles({
    bundles: {
      id: changed("file", { name: "other.exe" }),
      pattern: changed("indicator", { pattern: "[file:name = 'it's']" }),
      vocabulary: changed("malware", { malware_types: ["nonsense"] }),
    },
    misp: {},
  });
  for (
    const said of [
      /^id: python-stix2: expected file--/m,
      /^pattern: pattern: FAIL/m,
      /^vocabulary: validator: .*malware_types .*not in the malware-type-ov/m,
      /^id: pattern of File .*: expected to match only its own bundle, not vocabulary/m,
    ]
  ) assert.match(complaints.join("\n"), said);
});

async function readBundles(given: unknown): Promise<string[]> {
  const path = [await testStixTools(), Deno.env.get("PYTHONPATH")].filter(Boolean).join(delimiter);
  const child = new Deno.Command("python3", {
    args: [new URL("./peers/read_bundles.py", import.meta.url).pathname],
    env: { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(given)));
  await writer.close();
  const { success, stdout, stderr } = await output;
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as string[];
}
