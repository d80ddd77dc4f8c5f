import type { Milliseconds, Tlp } from "@assay/core";
import type { Collection, Collections, DeadObject, PartnerConfig, Partners, PartnerTurn } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { shown } from "../model/shown.ts";
import type { StixObject } from "../stix/object.ts";
import { mayLeave } from "./ceiling.ts";
import type { PartnerClient, PushItem } from "./client.ts";
import { PartnerError } from "./error.ts";

/** What pushing works with. */
export interface PushDependencies {
  readonly partners: Omit<Partners, "list" | "events" | "askTest" | "askRetry">;
  readonly collections: Pick<Collections, "list" | "objects">;
  /** Names this process. */
  readonly holder: string;
  readonly now: () => Date;
}

/** A partner and how it is reached. */
export interface PushTarget {
  readonly config: Pick<PartnerConfig, "name" | "kind" | "tlp" | "search" | "backlog">;
  readonly client: PartnerClient;
}

/** How long a turn may take, and how long the partner is this process's before another may go on. */
const [LONGEST_TURN, LEASE] = [15 * 60_000, 20 * 60_000] as const satisfies Milliseconds[];
/** Objects of one turn; of a MISP, reports, each of which takes it seconds. */
const AT_ONCE = { taxii: 500, misp: 5 } as const;
/** Pauses after failures: doubled each time. */
const BACK_OFF = { first: 5_000, longest: 3_600_000 } as const;
/** Tries of one object alone, with which the partner fails, before it is given up. */
const MAX_TRIES = 5;

const log = getLogger(["assay", "reports", "partners"]);

/** What a turn came to: whether more is waiting, or for how long nothing is to be done. */
export type TurnEnd = "more" | "idle" | { readonly wait: Milliseconds };

/**
 * One turn of pushing to a partner: what was asked for, what was given up and is wanted again, then what is new. Where to go on from is
 * noted once the partner has it, so that after a crash some is sent again and nothing is left out.
 */
export async function takeTurn(
  target: PushTarget,
  dependencies: PushDependencies,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { config: { name }, client } = target;
  const { partners, holder, now } = dependencies;
  const turn = await partners.take(name, holder, LEASE);
  if (turn === null) return "idle";
  const late = AbortSignal.timeout(LONGEST_TURN);
  const both = AbortSignal.any([signal, late]);
  try {
    if (turn.testAsked) await partners.tested(name, await testOf(client, both));
    const wait = (turn.nextTry?.getTime() ?? 0) - now().getTime();
    if (wait > 0) return { wait };
    return await pushSome(target, turn, dependencies, both);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const error = late.aborted
      ? new PartnerError("broken", `It took longer than ${LONGEST_TURN} ms`, { cause })
      : cause;
    if (!(error instanceof PartnerError)) throw error;
    log.warn("Cannot push to '{name}': {error}", { name, error: error.message });
    const pause = pauseAfter(error, turn.failures);
    await partners.failed(name, error.message, new Date(now().getTime() + pause), met(error));
    return { wait: pause };
  } finally {
    await partners.release(name, holder);
  }
}

/** Whether the partner met what was sent, so that a part of it may be to blame. */
function met({ failure }: PartnerError): boolean {
  return failure === "broken" || failure === "refused";
}

function pauseAfter({ failure, retryAfter }: PartnerError, failures: number): Milliseconds {
  if (retryAfter !== null) return retryAfter;
  // Less of it may go well at once.
  if (failure === "refused") return 0;
  return Math.min(BACK_OFF.first * 2 ** Math.min(failures, 20), BACK_OFF.longest);
}

async function testOf(client: PartnerClient, signal: AbortSignal): Promise<string> {
  try {
    return await client.test(signal);
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    return `Failed. ${error.message}`;
  }
}

async function pushSome(
  target: PushTarget,
  turn: PartnerTurn,
  dependencies: PushDependencies,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { name, kind, tlp, backlog } = target.config;
  const { partners } = dependencies;
  const collection = await followed(target, dependencies);
  if (turn.collection !== collection.id) {
    await partners.follow(name, collection.id, backlog ? "first" : "next");
    return "more";
  }
  const most = Math.max(1, Math.floor(AT_ONCE[kind] / 2 ** turn.tries));
  if (turn.again.length > 0) return await pushAgain(target, collection, turn, most, dependencies, signal);
  const page = await dependencies.collections.objects(collection.id, {
    ...turn.place === null ? {} : { addedAfter: turn.place },
    ids: [],
    types: kind === "misp" ? ["report"] : [],
    specVersions: [],
    versions: ["all"],
    limit: most,
  }, { reader: null, maxTlp: tlp });
  const items = page?.items ?? [];
  if (items.length === 0) return "idle";
  const end = await pushItems(target, items.map((item) => ({ ...item, collection })), turn, signal);
  const place = items.at(-1)!.added;
  const kept = await partners.pushed(name, dependencies.holder, {
    ...end,
    collection: collection.id,
    place,
    revived: [],
  });
  return kept && page!.cursor !== null ? "more" : "idle";
}

/** What was given up and somebody wants tried again, in its newest version. */
async function pushAgain(
  target: PushTarget,
  collection: Collection,
  turn: PartnerTurn,
  most: number,
  { partners, collections, holder }: PushDependencies,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const wanted = turn.again.slice(0, Math.min(most, 100)).map(({ objectId }) => objectId);
  const page = await collections.objects(collection.id, {
    ids: wanted,
    types: [],
    specVersions: [],
    versions: ["last"],
    limit: wanted.length,
  }, { reader: null, maxTlp: target.config.tlp });
  const items = page?.items.map((item) => ({ ...item, collection })) ?? [];
  const end = await pushItems(target, items, turn, signal);
  const dead = new Set(end.dead.map(({ objectId }) => objectId));
  await partners.pushed(target.config.name, holder, {
    ...end,
    collection: collection.id,
    place: turn.place,
    // Those that are gone from the collection are wanted by nobody any more.
    revived: wanted.filter((id) => !dead.has(id)),
  });
  return "more";
}

/** Pushes these; one alone that was tried often enough is given up instead of failing for ever. */
async function pushItems(
  { config, client }: PushTarget,
  items: readonly PushItem[],
  { tries }: PartnerTurn,
  signal: AbortSignal,
): Promise<{ sent: number; dead: DeadObject[]; detail: string }> {
  const allowed = items.filter(({ content }) => mayLeave(JSON.parse(content) as StixObject, config.tlp));
  const above = items.filter((item) => !allowed.includes(item)).map((item) => held(item, config.tlp));
  if (above.length > 0) {
    log.error("{count} published objects are not for '{name}'", { count: above.length, name: config.name });
  }
  if (allowed.length === 0) return { sent: 0, dead: above, detail: "" };
  try {
    const { refused, detail } = await client.push(allowed, signal);
    return { sent: allowed.length - refused.length, dead: [...above, ...refused], detail };
  } catch (error) {
    const isSpent = error instanceof PartnerError && met(error) && allowed.length === 1 &&
      (error.failure === "refused" || tries + 1 >= spentAfter(config.kind));
    if (!isSpent) throw error;
    const [item] = allowed;
    const reason = `Given up: ${error.message}`;
    return { sent: 0, dead: [...above, { objectId: item!.id, added: item!.added, reason }], detail: "" };
  }
}

/** Failures until only one object is sent, and those that it then has. */
function spentAfter(kind: PushTarget["config"]["kind"]): number {
  return Math.ceil(Math.log2(AT_ONCE[kind])) + MAX_TRIES;
}

function held({ id, added }: PushItem, ceiling: Tlp): DeadObject {
  return {
    objectId: id,
    added,
    reason: `Not sent: it is not marked as at most TLP:${ceiling.toUpperCase()}`,
  };
}

/** The collection whose objects the partner gets. @throws {PartnerError} where there is none */
async function followed({ config }: PushTarget, { collections }: PushDependencies): Promise<Collection> {
  const all = await collections.list({ reader: null, maxTlp: config.tlp });
  const found = all.find(({ search, tlp }) =>
    config.search === null ? search === null && tlp === config.tlp : search?.id === config.search
  );
  if (found !== undefined) return found;
  throw new PartnerError(
    "setup",
    shown(`The search '${config.search}' is not published at TLP:${config.tlp.toUpperCase()} or below`),
  );
}
