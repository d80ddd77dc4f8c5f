import assert from "node:assert/strict";
import { join } from "node:path";
import { findJava } from "./java.ts";

const signal = new AbortController().signal;

async function withHome(release: string | null, use: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  const before = Deno.env.get("JAVA_HOME");
  try {
    await Deno.mkdir(join(home, "bin"));
    await Deno.writeTextFile(join(home, "bin", "java"), "");
    if (release !== null) await Deno.writeTextFile(join(home, "release"), release);
    Deno.env.set("JAVA_HOME", home);
    await use(home);
  } finally {
    if (before === undefined) Deno.env.delete("JAVA_HOME");
    else Deno.env.set("JAVA_HOME", before);
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("findJava() takes JAVA_HOME where that is new enough", async () => {
  await withHome('IMPLEMENTOR="X"\nJAVA_VERSION="99.0.1"\nMODULES="java.base java.xml"\n', async (home) => {
    const modules = ["java.base", "java.xml"];
    assert.deepEqual(await findJava(21, signal), {
      home,
      program: join(home, "bin", "java"),
      release: 99,
      modules,
    });
  });
});

Deno.test("findJava() passes over an old Java and over a folder that only looks like one", async () => {
  await withHome(
    'JAVA_VERSION="1.8.0_392"\n',
    async (home) => assert.notEqual((await findJava(21, signal))?.home, home),
  );
  await withHome(null, async (home) => assert.notEqual((await findJava(1, signal))?.home, home));
});

Deno.test("findJava() gives null where nothing is new enough", async () => {
  assert.equal(await findJava(1000, signal), null);
});
