import { delimiter } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { testStixTools } from "../../infra/install/testing.ts";

/** An object of STIX as a partner got it. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Where a partner reads, and as who. */
export interface Access {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** OASIS's client and validators, in Python. */
export interface Partner extends AsyncDisposable {
  discover(access: Access): Promise<{
    readonly default: string;
    readonly roots: readonly {
      readonly url: string;
      readonly versions: readonly string[];
      readonly collections: readonly { id: string; title: string; alias: string | null; write: boolean }[];
    }[];
  }>;
  /** All pages of a collection; `between` is done between two of them. */
  walk(
    access: Access,
    how: { limit: number; what: "objects" | "manifest"; filters?: Record<string, string> },
    between?: () => Promise<void>,
  ): Promise<Received[]>;
  poll(
    access: Access,
    filters: Record<string, string | number>,
  ): Promise<{ objects: Received[]; last: string | null }>;
  look(
    access: Access & { id: string },
  ): Promise<{ objects: Received[]; all: Received[]; versions: string[] }>;
  refusal(access: Access): Promise<number>;
  /** What OASIS's validator and python-stix2 find wrong; `refs`: also references to what is not among them. */
  validate(objects: readonly Received[], refs: boolean): Promise<string[]>;
}

/** Starts one; its packages are fetched on first use. */
export async function startPartner(): Promise<Partner> {
  const path = [await testStixTools(), Deno.env.get("PYTHONPATH")].filter(Boolean).join(delimiter);
  const child = new Deno.Command("python3", {
    args: [new URL("./partner.py", import.meta.url).pathname],
    env: { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1", NO_PROXY: "127.0.0.1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as never) })[Symbol.asyncIterator]();

  async function ask<T>(command: unknown): Promise<T> {
    await writer.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
    const { value, done } = await lines.next();
    if (done) throw new Error("The partner has ended; its standard error says why");
    return JSON.parse(value) as T;
  }

  return {
    discover: (access) => ask({ do: "discover", ...access }),
    async walk(access, { limit, what, filters = {} }, between) {
      type Answer = { page: number } | { objects: Received[] };
      let answer = await ask<Answer>({ do: "walk", ...access, limit, what, filters });
      while ("page" in answer) {
        await between?.();
        answer = await ask<Answer>({});
      }
      return answer.objects;
    },
    poll: (access, filters) => ask({ do: "poll", ...access, filters }),
    look: (access) => ask({ do: "look", ...access }),
    refusal: async (access) => (await ask<{ status: number }>({ do: "refusal", ...access })).status,
    validate: async (objects, refs) =>
      (await ask<{ complaints: string[] }>({ do: "validate", objects, refs })).complaints,
    async [Symbol.asyncDispose]() {
      await writer.close();
      await child.status;
    },
  };
}
