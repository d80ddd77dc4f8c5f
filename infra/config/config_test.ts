import assert from "node:assert/strict";
import fc from "fast-check";
import { Config } from "./config.ts";
import { parseDuration } from "./duration.ts";
import { ConfigError, loadConfig, readConfigFile, samplesPath } from "./load.ts";
import { printConfig } from "./print.ts";
import { parseSize } from "./size.ts";
import { configVariables, otherVariables } from "./variables.ts";

async function withToml<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const file = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.writeTextFile(file, text);
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

const load = (text: string, env: Record<string, string> = {}, flags = {}) =>
  withToml(text, (file) => loadConfig({ file, env, flags }));

Deno.test("Config gives every default and reads its own result to the same", () => {
  const config = Config.parse({});
  assert.equal(config.worker.batch.maxSamples, 100);
  assert.equal(config.worker.batch.maxWait, 60_000);
  assert.equal(config.worker.interactive.maxWait, 1000);
  assert.equal(config.api.maxUpload, 2 ** 31);
  assert.equal(config.submissions.tlp, "amber");
  assert.deepEqual(Config.parse(JSON.parse(JSON.stringify(config))), config);
});

Deno.test("loadConfig() lets variables win over the file and flags over both", async () => {
  const toml = `[worker.batch]\nmaxSamples = 7\nmaxWait = "5s"\n[api]\nport = 1`;
  const { config, given } = await load(toml, { ASSAY_WORKER_BATCH_MAX_SAMPLES: "8", ASSAY_API_PORT: "2" }, {
    api: { port: 3 },
  });
  assert.equal(config.worker.batch.maxSamples, 8);
  assert.equal(config.worker.batch.maxWait, 5000);
  assert.equal(config.api.port, 3);
  assert.equal(given.api?.host, undefined);
});

Deno.test("loadConfig() names every wrong key with its path", async () => {
  await assert.rejects(
    load(`[worker.batch]\nmaxSample = 7\n[api]\nmaxUpload = "lots"\n[modules.Bad_Name]\nenabled = true`),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /'worker\.batch\.maxSample' is no known key/);
      assert.match(error.message, /'api\.maxUpload': Cannot parse size: .*'lots'/);
      assert.match(error.message, /'modules\.Bad_Name': Expected a module's name/);
      return true;
    },
  );
});

Deno.test("loadConfig() refuses variables that name no key", async () => {
  await assert.rejects(load("", { ASSAY_WORKER_BATCH_MAXSAMPLES: "8" }), /'ASSAY_WORKER_BATCH_MAXSAMPLES'/);
  await load("", Object.fromEntries(otherVariables.map((name) => [name, "x"])));
});

Deno.test("loadConfig() says where a file is missing or broken", async () => {
  await assert.rejects(loadConfig({ file: "/nonexistent/assay.toml", env: {} }), /no file '\/nonexistent/);
  await assert.rejects(load("[api\nport = 1"), ConfigError);
});

Deno.test("loadConfig() keeps hostile table names out of prototypes", async () => {
  await assert.rejects(load(`["__proto__"]\nport = 1`), /'__proto__' is no known key/);
  assert.equal(({} as Record<string, unknown>)["port"], undefined);
});

Deno.test("loadConfig() reads presets and refuses one without modules or with a name that isn't one", async () => {
  const { config } = await load(`[presets.triage]\nmodules = ["pe", "yara"]`);

  assert.deepEqual(config.presets, { triage: { modules: ["pe", "yara"], description: "" } });
  await assert.rejects(load(`[presets.none]\nmodules = []`), /'presets\.none\.modules'/);
  await assert.rejects(load(`[presets.Bad_Name]\nmodules = ["pe"]`), /Expected a preset's name/);
});

Deno.test("loadConfig() reads modules from variables, options as JSON", async () => {
  const { config } = await load("", {
    ASSAY_MODULES_HASH_LOOKUP_ENABLED: "false",
    ASSAY_MODULES_HASH_LOOKUP_OPTIONS: '{"url":"https://example.org"}',
    ASSAY_MODULES_HASH_LOOKUP_TIMEOUT: "2m",
  });
  assert.deepEqual(config.modules["hash-lookup"], {
    enabled: false,
    options: { url: "https://example.org" },
    timeout: 120_000,
  });
  await assert.rejects(
    load("", { ASSAY_MODULES_PE_OPTIONS: "{" }),
    /'modules\.pe\.options': .*expected JSON/,
  );
});

Deno.test("loadConfig() takes lists with commas and empty texts as absent", async () => {
  const { config } = await load("", {
    ASSAY_API_CORS_ORIGINS: "https://a.test, https://b.test",
    ASSAY_NATS_URL: "",
  });
  assert.deepEqual(config.api.corsOrigins, ["https://a.test", "https://b.test"]);
  assert.equal(config.nats.url, null);
});

Deno.test("loadConfig() refuses a server URL of another protocol", async () => {
  await assert.rejects(
    load(`[postgres]\nurl = "http://db"`),
    /'postgres\.url': Expected a URL that begins with/,
  );
});

Deno.test("samplesPath() lies within the data folder unless configured", async () => {
  const { config } = await load("", { ASSAY_DATA: "/somewhere" });
  assert.equal(samplesPath(config), "/somewhere/samples");
  const { config: other } = await load("", { ASSAY_SAMPLES_PATH: "/mnt/samples" });
  assert.equal(samplesPath(other), "/mnt/samples");
});

Deno.test("readConfigFile() reads what loadConfig() resolved", async () => {
  const { config } = await load("");
  await withToml(
    JSON.stringify(config),
    async (file) => assert.deepEqual(await readConfigFile(file), config),
  );
});

Deno.test("configVariables() maps each name to one path", () => {
  const paths = [...configVariables().values()].map((path) => path.join("."));
  assert.ok(paths.includes("worker.batch.maxSamples"));
  assert.ok(paths.includes("adminKey"));
  assert.equal(new Set(paths).size, paths.length);
});

Deno.test("printConfig() masks keys, passwords in URLs and secret module options", async () => {
  const key = `assay_01ARZ3NDEKTSV4RRFFQ69G5FAV_${"a".repeat(43)}`;
  const { config } = await load(
    `[modules.lookup.options]\napiKey = "hidden-1"\nnested = { token = ["hidden-2"] }`,
    {
      ASSAY_ADMIN_KEY: key,
      ASSAY_POSTGRES_URL: "postgres://user:hidden-3@db:5432/x",
      ASSAY_ELASTICSEARCH_API_KEY: "hidden-4",
    },
  );
  const text = printConfig(config);
  assert.doesNotMatch(text, /hidden|assay_01ARZ/);
  assert.match(text, /postgres:\/\/user:\*\*\*@db:5432\/x/);
  assert.match(text, /maxSamples = 100/);
  assert.match(text, /"infected"/);
});

Deno.test("parseDuration() reads what was written in any unit", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom(["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000]),
      (n, u) => {
        assert.equal(parseDuration(`${n}${u[0]}`), n * Number(u[1]));
      },
    ),
  );
  assert.equal(parseDuration(250), 250);
});

Deno.test("parseDuration() and parseSize() give whole numbers or a RangeError, never NaN", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.double(), fc.integer()), (value) => {
    for (const parse of [parseDuration, parseSize]) {
      try {
        assert.ok(Number.isSafeInteger(parse(value)) && parse(value) >= 0);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }
  }));
  assert.throws(() => parseSize("99999999999TB"), RangeError);
});

Deno.test("parseSize() counts binary", () => {
  assert.equal(parseSize("2GB"), 2 ** 31);
  assert.equal(parseSize("64 KiB"), 65_536);
  assert.equal(parseSize("10"), 10);
});

Deno.test("loadConfig() reads partners from a file and a variable, and lets no key cross a network in the clear", async () => {
  const one = {
    name: "cert-x",
    kind: "taxii",
    url: "https://taxii.example/api/",
    key: "hidden-1",
    collection: "c-1",
  };
  const { config } = await load("", { ASSAY_PARTNERS: JSON.stringify([one]) });
  assert.deepEqual(config.partners, [
    { ...one, user: null, keyFile: null, tlp: "green", search: null, backlog: false },
  ]);
  assert.doesNotMatch(printConfig(config), /hidden/);
  assert.deepEqual(Config.parse(JSON.parse(JSON.stringify(config))), config);
  for (
    const [change, said] of [
      [{ url: "http://taxii.example/" }, /Expected 'https:'/],
      [{ url: "https://user:secret@taxii.example/" }, /without user/],
      [{ url: "ftp://taxii.example/" }, /Expected 'https:'/],
      [{ key: undefined }, /Expected one of 'key' and 'keyFile'/],
      [{ keyFile: "/run/key" }, /Expected one of 'key' and 'keyFile'/],
      [{ collection: undefined }, /Expected the collection/],
      [{ collection: "../x" }, /'partners\.0\.collection'/],
      [{ kind: "misp" }, /none of a MISP/],
      [{ name: "Cert X" }, /'partners\.0\.name'/],
    ] as const
  ) {
    await assert.rejects(load("", { ASSAY_PARTNERS: JSON.stringify([{ ...one, ...change }]) }), said);
  }
  await assert.rejects(load("", { ASSAY_PARTNERS: JSON.stringify([one, one]) }), /Expected each name once/);
  const local = { ...one, url: "http://127.0.0.1:8000/api1/" };
  await load("", {
    ASSAY_PARTNERS: JSON.stringify([local, { ...local, name: "b", url: "http://[::1]:1/" }]),
  });
});
