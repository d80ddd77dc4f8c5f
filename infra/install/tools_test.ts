import assert from "node:assert/strict";
import { join } from "node:path";
import { findTools } from "./tools.ts";

Deno.test("findTools() goes on without what can't be had, and says so", async () => {
  const cache = await Deno.makeTempDir();
  const lines: string[] = [];
  const before = Deno.env.get("PATH") ?? "";
  try {
    // Nothing is on this path, so that neither pip nor apt-get can be called.
    Deno.env.set("PATH", cache);
    const context = {
      cache: join(cache, "parts"),
      signal: new AbortController().signal,
      log: (line: string) => lines.push(line),
    };
    const tools = await findTools(context, {
      python: "/given/python3",
      pythonPath: ["/given/packages"],
      stixSchemas: null,
      attack: "/given/attack",
      chromium: "/given/chromium",
      fonts: null,
    });
    assert.deepEqual(tools, {
      python: "/given/python3",
      pythonPath: ["/given/packages"],
      stixSchemas: null,
      attack: "/given/attack",
      chromium: "/given/chromium",
      fonts: null,
    });
    assert.match(lines.join("\n"), /Going on without exports as PDF: .*Python 3 with pip is missing/);
    assert.match(lines.join("\n"), /Going on without exports as STIX: .*Python 3 with pip is missing/);
    assert.match(lines.join("\n"), /Going on without YARA-X for Python: .*Python 3 with pip is missing/);
    if (Deno.build.os === "linux") {
      assert.match(lines.join("\n"), /Going on without a sandbox: bubblewrap is missing/);
    }
  } finally {
    Deno.env.set("PATH", before);
    await Deno.remove(cache, { recursive: true });
  }
});
