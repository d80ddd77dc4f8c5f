import { EVERYTHING, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { findings, green, scan, secrets, secretStores, storesOf } from "./testing.ts";

type Stores = Awaited<ReturnType<typeof storesOf>>;

async function suggested(
  stores: Stores,
  field: string,
  prefix: string,
  given: { q?: string; size?: number; visibility?: Visibility; scope?: "samples" | "reports" } = {},
) {
  const { visibility = EVERYTHING, ...more } = given;
  const request = { q: "", scope: "samples", size: 10, field, prefix, ...more } as const;
  const { values, exact } = await stores.numbers.suggestions(request, visibility);
  assert.equal(exact, true);
  return values.map(({ value, count }) => `${value} ${count}`);
}

Deno.test("suggestions() gives values that begin so, then values that hold it", async () => {
  await using stores = await storesOf([
    [scan("a", {
      name: "invoice.exe",
      modules: [
        findings({
          families: ["Emotet"],
          properties: { "pe.import": ["kernel32.dll!VirtualAlloc", "kernel32.dll!VirtualFree"] },
        }),
      ],
    })],
    [scan("b", {
      name: "my invoice.exe",
      modules: [
        findings({
          families: ["emotet", "Remotet"],
          properties: { "pe.import": "kernel32.dll!VirtualAlloc", "pe.signed": true },
        }),
      ],
    })],
    [scan("c", {
      name: "x.dll",
      metadata: { case: "Case 7" },
      modules: [findings({ families: ["Trickbot"] })],
    })],
  ]);
  assert.deepEqual(await suggested(stores, "family", "EMO"), ["Emotet 2", "Remotet 1"]);
  assert.deepEqual(await suggested(stores, "family", "em"), ["Emotet 2"]);
  assert.deepEqual(await suggested(stores, "family", ""), ["Emotet 2", "Remotet 1", "Trickbot 1"]);
  assert.deepEqual(await suggested(stores, "family", "", { size: 1 }), ["Emotet 2"]);
  assert.deepEqual(await suggested(stores, "family", "", { q: "family:trickbot" }), ["Trickbot 1"]);
  assert.deepEqual(await suggested(stores, "name", "Invoice"), ["invoice.exe 1", "my invoice.exe 1"]);
  assert.deepEqual(await suggested(stores, "pe.import", "virtualalloc"), ["kernel32.dll!virtualalloc 2"]);
  assert.deepEqual(await suggested(stores, "pe.import", "kernel32.dll!virtualf"), [
    "kernel32.dll!virtualfree 1",
  ]);
  assert.deepEqual(await suggested(stores, "pe.signed", "t"), ["true 1"]);
  assert.deepEqual(await suggested(stores, "metadata.case", "case"), ["Case 7 1"]);
  assert.deepEqual(await suggested(stores, "module.test.status", "o"), ["ok 3"]);
  assert.deepEqual(await suggested(stores, "family", "nothing"), []);
  await assert.rejects(suggested(stores, "md5", "a"), { name: "FieldError" });
});

Deno.test("suggestions() takes what is typed as text only", async () => {
  const tags = ["a.b", "axb", "[ab]", "a\\b", "a*b", "(", "名前", '"q"', "a@b", "<1-9>", "~x", "#"];
  await using stores = await storesOf([[scan("a", { tags, modules: [] })]]);
  for (const tag of tags) {
    assert.deepEqual(await suggested(stores, "tag", tag), [`${tag} 1`], tag);
  }
  assert.deepEqual(await suggested(stores, "tag", "a."), ["a.b 1"]);
  assert.deepEqual(await suggested(stores, "tag", ".*"), []);
  assert.deepEqual(await suggested(stores, "tag", "x".repeat(5000)), []);
});

Deno.test("suggestions() finds addresses by their beginning", async () => {
  const run = {
    ...findings({}),
    observations: ["10.1.2.3", "10.2.0.1", "fe80::1"].map((
      value,
    ) => ({ type: "observable", kind: "ip", value } as const)),
  };
  await using stores = await storesOf([[
    scan("a", { modules: [run as typeof run & ReturnType<typeof findings>] }),
  ]]);
  assert.deepEqual(await suggested(stores, "ip", "10.1"), ["10.1.2.3 1"]);
  assert.deepEqual(await suggested(stores, "ip", "fe80"), ["fe80::1 1"]);
});

Deno.test("suggestions() never gives values of submissions that the reader may not see", async () => {
  await using stores = await secretStores();
  for (const scope of ["samples", "reports"] as const) {
    for (const field of ["name", "tag", "submitter", "tlp", "family", "fileType", "metadata.client"]) {
      for (const prefix of ["", "m", "merger", "oper", "operation-x", "secret", "mal", "acme", "r", "red"]) {
        const values = await suggested(stores, field, prefix, { visibility: green, scope });
        assert.doesNotMatch(values.join(), secrets, `${scope} ${field} ${prefix}`);
        assert.doesNotMatch(values.join(), /\bred\b/);
      }
    }
    assert.deepEqual(await suggested(stores, "tag", "pub", { visibility: green, scope }), ["public 3"]);
    assert.deepEqual(await suggested(stores, "tag", "pub", { scope }), ["public 4"]);
    assert.deepEqual(await suggested(stores, "tag", "oper", { scope }), ["operation-x 2"]);
  }
});
