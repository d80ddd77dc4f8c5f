import assert from "node:assert/strict";
import { join } from "node:path";
import { defaultCache, ensurePart, type InstallContext, type Part } from "./cache.ts";
import { runTool } from "./run.ts";

async function withCache(use: (context: InstallContext, lines: string[]) => Promise<void>): Promise<void> {
  const cache = await Deno.makeTempDir();
  const lines: string[] = [];
  try {
    await use({ cache, signal: new AbortController().signal, log: (line) => lines.push(line) }, lines);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

const part = (fetch: Part["fetch"]): Part => ({ name: "thing", version: "1.2", fetch });
const foldersIn = (cache: string) =>
  [...Deno.readDirSync(cache)].filter((entry) => entry.isDirectory).map((e) => e.name);

Deno.test("ensurePart() fetches once and finds it afterwards", async () => {
  await withCache(async (context, lines) => {
    let fetched = 0;
    const thing = part(async (folder) => {
      fetched++;
      await Deno.writeTextFile(join(folder, "file"), "whole");
    });
    const folder = await ensurePart(thing, context);
    assert.equal(folder, join(context.cache, "thing-1.2"));
    assert.equal(await ensurePart(thing, context), folder);
    assert.equal(fetched, 1);
    assert.equal(await Deno.readTextFile(join(folder, "file")), "whole");
    assert.match(lines.join("\n"), /^Fetching thing 1\.2 …\nFetched thing in \d+\.\d s$/);
  });
});

Deno.test("ensurePart() leaves nothing behind where fetching fails, and names the part", async () => {
  await withCache(async (context) => {
    const thing = part(async (folder) => {
      await Deno.writeTextFile(join(folder, "half"), "");
      throw new Error("the registry is away");
    });
    await assert.rejects(ensurePart(thing, context), /Cannot install thing 1\.2: the registry is away/);
    assert.deepEqual(foldersIn(context.cache), []);
  });
});

Deno.test("ensurePart() clears away what a killed installer left", async () => {
  await withCache(async (context) => {
    await Deno.mkdir(join(context.cache, ".thing-123"));
    await ensurePart(part(() => Promise.resolve()), context);
    assert.deepEqual(foldersIn(context.cache), ["thing-1.2"]);
  });
});

Deno.test("ensurePart() lets one of two installers fetch while the other waits", async () => {
  await withCache(async (context) => {
    const script = `
      import { ensurePart } from ${JSON.stringify(import.meta.resolve("./cache.ts"))};
      const fetch = async (folder) => {
        // Only one may be here at a time, and only one may come here at all.
        await Deno.mkdir(${JSON.stringify(join(context.cache, "once"))});
        for (let n = 0; n < 50; n++) await Deno.writeTextFile(folder + "/" + n, "x");
      };
      const context = { cache: ${
      JSON.stringify(context.cache)
    }, signal: new AbortController().signal, log() {} };
      const folder = await ensurePart({ name: "thing", version: "1", fetch }, context);
      console.log([...Deno.readDirSync(folder)].length);
    `;
    const runs = await Promise.all(
      [1, 2, 3].map(() =>
        new Deno.Command(Deno.execPath(), { args: ["eval", script], stdin: "null" }).output()
      ),
    );
    const said = runs.map((run) =>
      new TextDecoder().decode(run.stdout) + new TextDecoder().decode(run.stderr)
    );
    assert.deepEqual(said, ["50\n", "50\n", "50\n"]);
  });
});

Deno.test("defaultCache() takes ASSAY_CACHE first, and keeps root's out of root's home", () => {
  assert.equal(defaultCache({ ASSAY_CACHE: "/x", HOME: "/home/a" }, 0), "/x");
  assert.equal(defaultCache({ HOME: "/home/a" }, 1000), "/home/a/.cache/assay");
  assert.equal(defaultCache({ HOME: "/home/a", XDG_CACHE_HOME: "/c" }, 1000), "/c/assay");
  assert.equal(defaultCache({ HOME: "/root" }, 0), "/var/cache/assay");
  assert.throws(() => defaultCache({}, 1000), /ASSAY_CACHE or HOME/);
});

Deno.test("runTool() says what is missing, or what the tool said last", async () => {
  const signal = new AbortController().signal;
  const missing = "Maven is missing; install it";
  await assert.rejects(runTool({ program: "no-such-program-here", args: [], signal, missing }), {
    message: missing,
  });
  await assert.rejects(
    runTool({ program: "sh", args: ["-c", "echo because >&2; exit 4"], signal, missing }),
    /ended with 4:\nbecause/,
  );
  assert.equal(await runTool({ program: "sh", args: ["-c", "echo fine"], signal, missing }), "fine\n");
});

Deno.test("runTool() ends the tool when aborted", async () => {
  const stop = new AbortController();
  const run = runTool({ program: "sleep", args: ["60"], signal: stop.signal, missing: "" });
  stop.abort(new Error("enough"));
  await assert.rejects(run, /enough/);
});
