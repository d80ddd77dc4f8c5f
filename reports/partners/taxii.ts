import type { Milliseconds } from "@assay/core";
import { type DeadObject, pause } from "@assay/infra";
import { z } from "zod";
import { shown } from "../model/shown.ts";
import type { Ask } from "./ask.ts";
import type { PartnerClient, PushItem } from "./client.ts";
import { PartnerError } from "./error.ts";

const MEDIA_TYPE = "application/taxii+json;version=2.1";
const HEADERS = { accept: MEDIA_TYPE, "content-type": MEDIA_TYPE };

/** Of one envelope, where the server would take more. */
const MOST_BYTES = 8 * 2 ** 20;
/** How often the status of a push is asked for, ever more seldom. */
const POLL = { first: 500, longest: 10_000 } as const;
/** Failures that are looked into in one push. */
const MOST_FAILURES = 1000;

const ApiRoot = z.object({ title: z.string(), max_content_length: z.number().positive() });
const Collection = z.object({ title: z.string(), can_write: z.boolean() });
const Status = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  status: z.enum(["complete", "pending"]),
  failure_count: z.number(),
  failures: z.array(z.object({ id: z.string().max(300), message: z.string().optional() })).optional(),
});
const Versions = z.object({ versions: z.array(z.string()).default([]) });

/** What a TAXII server is pushed to with. */
export interface TaxiiOptions {
  readonly ask: Ask;
  /** Id or alias of the collection there. */
  readonly collection: string;
  /** How long the server may take with what it has accepted. */
  readonly patience: Milliseconds;
}

/** A collection of a TAXII 2.1 server (OASIS, 5.5), of which `ask` knows the API root. */
export function createTaxiiClient({ ask, collection, patience }: TaxiiOptions): PartnerClient {
  const path = `collections/${collection}/`;

  async function get<T>(place: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const { body, text } = await ask(place, { headers: { accept: MEDIA_TYPE } }, signal);
    return read(schema, body, text);
  }

  /** Sends one envelope and waits until all of it is dealt with. Gives the failures. */
  async function send(items: readonly PushItem[], signal: AbortSignal) {
    const body = `{"objects":[${items.map(({ content }) => content).join()}]}`;
    const answer = await ask(`${path}objects/`, { method: "POST", headers: HEADERS, body }, signal);
    let status = read(Status, answer.body, answer.text);
    const end = Date.now() + patience;
    for (
      let wait: Milliseconds = POLL.first;
      status.status === "pending";
      wait = Math.min(2 * wait, POLL.longest)
    ) {
      if (Date.now() + wait > end) {
        throw new PartnerError(
          "broken",
          `It has not dealt with ${items.length} objects within ${patience} ms`,
        );
      }
      await pause(wait, signal);
      signal.throwIfAborted();
      status = await get(`status/${status.id}/`, Status, signal);
    }
    const failures = status.failures ?? [];
    if (status.failure_count > 0 && failures.length === 0) {
      throw new PartnerError(
        "broken",
        `It did not take ${status.failure_count} objects and does not say which`,
      );
    }
    return failures.slice(0, MOST_FAILURES);
  }

  /** Servers call it a failure to be sent what they have. */
  async function isThere({ id, content }: PushItem, signal: AbortSignal): Promise<boolean> {
    const { modified } = JSON.parse(content) as { modified?: string };
    try {
      const { versions } = await get(`${path}objects/${id}/versions/`, Versions, signal);
      return modified === undefined
        ? versions.length > 0
        : versions.some((version) => Date.parse(version) === Date.parse(modified));
    } catch (error) {
      // Some collections can only be written to.
      if (error instanceof PartnerError && error.failure === "setup") return false;
      throw error;
    }
  }

  return {
    async test(signal) {
      const root = await get("", ApiRoot, signal);
      const { title, can_write: canWrite } = await get(path, Collection, signal);
      const name = `'${shown(title, 100)}' of '${shown(root.title, 100)}'`;
      if (!canWrite) throw new PartnerError("setup", `It does not let us write to the collection ${name}`);
      return `The collection ${name} takes objects, ${root.max_content_length} bytes at once`;
    },

    async push(items, signal) {
      const { max_content_length: most } = await get("", ApiRoot, signal);
      const { envelopes, tooLarge } = envelopesOf(items, Math.min(most, MOST_BYTES));
      const refused: DeadObject[] = [...tooLarge];
      for (const envelope of envelopes) {
        const byId = new Map(envelope.map((item) => [item.id, item]));
        for (const { id, message } of await send(envelope, signal)) {
          const item = byId.get(id);
          if (item === undefined || await isThere(item, signal)) continue;
          byId.delete(id);
          refused.push(dead(item, `It refused it: ${shown(message ?? "without a reason", 300)}`));
        }
      }
      return { refused, detail: `${envelopes.length} envelopes` };
    },
  };
}

/** Puts objects together as far as they fit, in their order. */
function envelopesOf(
  items: readonly PushItem[],
  most: number,
): { envelopes: PushItem[][]; tooLarge: DeadObject[] } {
  const around = '{"objects":[]}'.length;
  const tooLarge: DeadObject[] = [];
  const envelopes: PushItem[][] = [];
  let left = 0;
  for (const item of items) {
    const size = new TextEncoder().encode(item.content).length + 1;
    if (around + size > most) {
      tooLarge.push(dead(item, `It is larger than the ${most} bytes that can be sent at once`));
      continue;
    }
    if (envelopes.length === 0 || size > left) {
      envelopes.push([]);
      left = most - around;
    }
    envelopes.at(-1)!.push(item);
    left -= size;
  }
  return { envelopes, tooLarge };
}

function dead({ id, added }: PushItem, reason: string): DeadObject {
  return { objectId: id, added, reason };
}

function read<T>(schema: z.ZodType<T>, body: unknown, text: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new PartnerError("broken", `It answered what is no resource of TAXII 2.1: ${text}`);
}
