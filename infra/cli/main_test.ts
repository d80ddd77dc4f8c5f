import assert from "node:assert/strict";
import { join } from "node:path";
import { verbs } from "./verbs.ts";

/** Runs the command line as `deno task assay` does. */
async function assay(args: readonly string[], env: Record<string, string> = {}) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-run",
      join(import.meta.dirname ?? "", "main.ts"),
      ...args,
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code: output.code, out: text.decode(output.stdout), error: text.decode(output.stderr) };
}

Deno.test("assay lists its verbs, each of which has its file", async () => {
  const { code, out } = await assay(["--help"]);
  assert.equal(code, 0);
  for (const verb of verbs) {
    assert.ok(out.includes(`  ${verb.name} `), verb.name);
    assert.ok((await Deno.stat(join(import.meta.dirname ?? "", verb.file))).isFile);
  }
});

Deno.test("assay refuses an unknown verb with code 2", async () => {
  const { code, error } = await assay(["conquer"]);
  assert.equal(code, 2);
  assert.match(error, /Cannot run 'conquer': there is no such verb/);
});

Deno.test("assay config prints what is in force with secrets masked, and ends with 1 on a wrong variable", async () => {
  const right = await assay(["config"], {
    ASSAY_POSTGRES_URL: "postgres://u:secret@db/x",
    ASSAY_API_PORT: "1234",
  });
  assert.equal(right.code, 0, right.error);
  assert.match(right.out, /port = 1234/);
  assert.match(right.out, /postgres:\/\/u:\*\*\*@db\/x/);
  const wrong = await assay(["config"], { ASSAY_API_PROT: "1234" });
  assert.equal(wrong.code, 1);
  assert.equal(wrong.error, "Cannot read variable 'ASSAY_API_PROT': it names no configuration key\n");
  const flag = await assay(["config", "--colour", "blue"]);
  assert.equal(flag.code, 1);
  assert.match(flag.error, /'--colour'/);
});

Deno.test("assay doctor says what runs on a data folder that nothing runs on", async () => {
  const data = await Deno.makeTempDir();
  const { code, out, error } = await assay(["doctor", "--data", data]);
  assert.equal(code, 0, out + error);
  assert.match(out, /^Tools\n {2}deno .* ok /);
  assert.match(out, /Parts\n {2}postgresql 18/);
  assert.match(out, /up +absent +nothing runs on/);
  await Deno.remove(data, { recursive: true });
});

Deno.test("assay migrate says what to do where there is no database", async () => {
  const data = await Deno.makeTempDir();
  const { code, error } = await assay(["migrate", "--data", data]);
  assert.equal(code, 1);
  assert.match(error, /expected postgres\.url to be set/);
  await Deno.remove(data, { recursive: true });
});
