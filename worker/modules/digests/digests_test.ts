import assert from "node:assert/strict";
import { ssdeep } from "./ssdeep.ts";
import { tlsh } from "./tlsh.ts";

/** Bytes that look random and are always the same (xorshift, Marsaglia 2003). */
function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state ^= state << 13, state ^= state >>> 17, state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}
const text = (value: string) => new TextEncoder().encode(value);
const inputs: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
  ["empty", new Uint8Array()],
  ["one", text("a")],
  ["sentence", text("The quick brown fox jumps over the lazy dog. ".repeat(3))],
  ["zeros", new Uint8Array(5000)],
  ["noise of 49", noise(49)],
  ["noise of 50", noise(50)],
  ["noise of 4096", noise(4096)],
  ["noise of 200000", noise(200_000, 7)],
  ["half and half", Uint8Array.from([...new Uint8Array(30_000), ...noise(30_000, 3)])],
];

/** Values of ssdeep 2.14.1 and of py-tlsh 4.12 for the same bytes. */
const VECTORS: Readonly<Record<string, readonly [string, string | null]>> = {
  "empty": ["3::", null],
  "one": ["3:E:E", null],
  "sentence": [
    "3:FJKKIUKacnAeKKIUKacnAeKKIUKacb:FHIG8NIG8NIGY",
    "T12DC0024A311C1794658A1888438D95B2D2C9C910612114116570604219482359CD8551",
  ],
  "zeros": ["3::", null],
  "noise of 49": ["3:OfARAcFXBB+bt3QI:O1ctORAI", null],
  "noise of 50": [
    "3:OfARAcFXBB+bt3Qd:O1ctORAd",
    "T170900239E450D171A6154E27684696A25962182824532009CC19545540CC7128011AC5",
  ],
  "noise of 4096": [
    "96:i7oiH0eJbLS4UGmdmjOMnc6m1N7ZJu+Z3k5zqsJK8YJBMiZyx:i7oiUeNL7dmLMnc91jsEQS8YjvZyx",
    "T1F4816CC0525492F72AEB0CBEA49E40E7B09D33651122AA5A41A20EA527FC7D38489BC9",
  ],
  "noise of 200000": [
    "3072:uXHr0SL3HsbYqrZ3mgLzj+5PXlErOZXadh2ttA3+C1SqxPk+Ahz8U7kBQetOzeHh:u1HsbD/LqVEEqdhqtAuC1NxHAhYteeGg",
    "T1A2142392C2ACB1E49F4114163B4F05F8DE38FD21953DEE81970FA11B9938A25D4B6EE3",
  ],
  "half and half": [
    "768:oO+aMdatzbIyQqZp/L3Rsd2rpCic1fNMGlTpbTqOnI:TMw687q8pCl1lpllDI",
    "T14043E03493C35379CB4B4EFE4961E53982750A53A49BAFAC22F873507811A5F980CEF9",
  ],
};

Deno.test("ssdeep() and tlsh() equal the reference implementations", () => {
  for (const [name, data] of inputs) assert.deepEqual([ssdeep(data), tlsh(data)], VECTORS[name], name);
});

/** The version of the ssdeep program; null where there is none. */
async function findReference(): Promise<string | null> {
  try {
    return new TextDecoder().decode((await new Deno.Command("ssdeep", { args: ["-V"] }).output()).stdout)
      .trim();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}

const reference = await findReference();
Deno.test({
  name: `ssdeep() equals the ssdeep program on this machine${reference ? "" : " (there is none)"}`,
  ignore: reference === null,
  async fn() {
    const folder = await Deno.makeTempDir();
    for (let i = 0; i < 60; i++) {
      const data = noise(1 + i * i * 97, i + 1);
      // Long runs and repeats make digests short, so that the search for a block size goes down as well as up.
      if (i % 3 === 0) data.fill(65, 0, Math.floor(data.length * 0.9));
      // Seven zeros empty the rolling hash: the last character is then that of the last end of a piece, or none.
      if (i % 4 === 0) data.fill(0, -7);
      await Deno.writeFile(`${folder}/${i}`, data);
      const { stdout } = await new Deno.Command("ssdeep", { args: ["-s", `${folder}/${i}`] }).output();
      const expected = new TextDecoder().decode(stdout).split("\n")[1]!.split(",")[0];
      assert.equal(ssdeep(data), expected, `${data.length} bytes`);
    }
    await Deno.remove(folder, { recursive: true });
  },
});
