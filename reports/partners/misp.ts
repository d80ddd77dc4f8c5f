import type { DeadObject } from "@assay/infra";
import { z } from "zod";
import { shown } from "../model/shown.ts";
import { type Ask, RefusedAnswerError } from "./ask.ts";
import type { PartnerClient, PushItem } from "./client.ts";
import { PartnerError } from "./error.ts";

const HEADERS = { accept: "application/json", "content-type": "application/json" };

/** The longest bundle that is sent, in characters. */
const LONGEST_BUNDLE = 32 * 2 ** 20;

const Version = z.object({ version: z.string() });
/** How MISP says that it did not save something; which word has the reason differs by version. */
const NotSaved = z.object({
  saved: z.literal(false),
  errors: z.unknown().optional(),
  message: z.unknown().optional(),
});

/** What a MISP is pushed to with. */
export interface MispOptions {
  readonly ask: Ask;
  /** The bundle of the report that this STIX object stands for, as MISP can read it; null where there is none any more. */
  readonly bundleOf: (item: PushItem, signal: AbortSignal) => Promise<string | null>;
}

/** A MISP, which gets a bundle for each report (`POST /events/upload_stix/2`) and makes an event of it. */
export function createMispClient({ ask, bundleOf }: MispOptions): PartnerClient {
  /** Why the report was refused; null where it is there. */
  async function upload(item: PushItem, signal: AbortSignal): Promise<string | null> {
    const body = await bundleOf(item, signal);
    if (body === null) return null;
    if (body.length > LONGEST_BUNDLE) return `Its bundle is larger than ${LONGEST_BUNDLE} characters`;
    try {
      const answer = await ask("events/upload_stix/2", { method: "POST", headers: HEADERS, body }, signal);
      if (answer.body === undefined) {
        throw new PartnerError("broken", `It answered what is no JSON: ${answer.text}`);
      }
      return reasonIn(answer.body);
    } catch (error) {
      // It says 403 both to who may not and to what it can't save.
      const reason = error instanceof RefusedAnswerError ? reasonIn(error.body) : null;
      const isThere = error instanceof RefusedAnswerError && saysItIsThere(error.body);
      if (isThere) return null;
      if (reason === null) throw error;
      return reason;
    }
  }

  return {
    async test(signal) {
      const { body, text } = await ask("servers/getVersion", { headers: HEADERS }, signal);
      const version = Version.safeParse(body);
      if (!version.success) {
        throw new PartnerError("broken", `It answered what is no version of MISP: ${text}`);
      }
      return `MISP ${shown(version.data.version, 50)} lets us in`;
    },

    async push(items, signal) {
      const refused: DeadObject[] = [];
      for (const item of items) {
        const reason = await upload(item, signal);
        if (reason !== null) refused.push({ objectId: item.id, added: item.added, reason });
      }
      return { refused, detail: `${items.length - refused.length} reports` };
    },
  };
}

function reasonIn(body: unknown): string | null {
  const parsed = NotSaved.safeParse(body);
  if (!parsed.success || saysItIsThere(body)) return null;
  const { errors, message } = parsed.data;
  return `It refused it: ${shown(wordsOf(errors ?? message), 300)}`;
}

function saysItIsThere(body: unknown): boolean {
  const parsed = NotSaved.safeParse(body);
  if (!parsed.success) return false;
  return /already exist/i.test(`${wordsOf(parsed.data.errors)} ${wordsOf(parsed.data.message)}`);
}

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "without a reason";
}
