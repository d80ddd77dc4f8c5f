import { EVERYTHING, type Sha256, type TaskId, type Tlp } from "@assay/core";
import {
  connectPostgres,
  createCollections,
  createPartners,
  createPublishing,
  type NewVersion,
  type PartnerConfig,
  type Sql,
} from "@assay/infra";
import assert from "node:assert/strict";
import { testSql } from "../../infra/postgres/testing.ts";
import { createMispBundles } from "./bundle.ts";
import type { PartnerClient, PushItem } from "./client.ts";
import { PartnerError } from "./error.ts";
import { takeTurn, type TurnEnd } from "./push.ts";
import { testItem } from "./testing.ts";

const never = new AbortController().signal;
const sha256 = "0".repeat(64) as Sha256;

/** A partner that takes what it is sent, or fails as it is told. */
function partner() {
  const sent: string[][] = [];
  let fail: (items: readonly PushItem[]) => Error | null = () => null;
  let refuse: (item: PushItem) => string | null = () => null;
  const client: PartnerClient = {
    test: () => Promise.resolve("It is there"),
    push(items) {
      const error = fail(items);
      if (error !== null) return Promise.reject(error);
      const refused = items.flatMap((item) => {
        const reason = refuse(item);
        return reason === null ? [] : [{ objectId: item.id, added: item.added, reason }];
      });
      const dead = new Set(refused.map(({ objectId }) => objectId));
      sent.push(items.map(({ id }) => id).filter((id) => !dead.has(id)));
      return Promise.resolve({ refused, detail: "as it was told" });
    },
  };
  return {
    client,
    sent,
    failing: (how: typeof fail) => fail = how,
    refusing: (how: typeof refuse) => refuse = how,
  };
}

/** A database with published objects, and turns of pushing to one partner at a time that stands still but for `wait`. */
async function world(given: Partial<PartnerConfig> = {}) {
  const database = await testSql();
  const { sql } = database;
  const config = {
    name: "cert-x",
    kind: "taxii",
    tlp: "green",
    search: null,
    backlog: true,
    ...given,
  } as const;
  const one = partner();
  let now = Date.now();
  const turn = (holder = "this process"): Promise<TurnEnd> =>
    takeTurn({ config, client: one.client }, {
      partners: createPartners(sql),
      collections: createCollections(sql),
      holder,
      now: () => new Date(now),
    }, never);
  return {
    ...one,
    sql,
    url: database.url,
    config,
    partners: createPartners(sql),
    turn,
    wait: (milliseconds: number) => now += milliseconds,
    /** Turns until nothing is left to do now; gives how the last one ended. */
    async settle(most = 100): Promise<TurnEnd> {
      for (let count = 0; count < most; count++) {
        const end = await turn();
        if (end !== "more" && !(typeof end === "object" && end.wait === 0)) return end;
      }
      return assert.fail(`It does not come to rest in ${most} turns`);
    },
    async standing() {
      const configured = {
        ...config,
        url: "https://cert.example/api/",
        keyFile: null,
      } as unknown as PartnerConfig;
      return (await createPartners(sql).list([configured]))[0]!;
    },
    async events() {
      const { items } = await createPartners(sql).events(config.name, { size: 100 });
      return items.map(({ event, objects }) => `${event} ${objects}`).reverse();
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Publishes these objects at that level, and notes that a report has them. */
async function publish(
  sql: Sql,
  items: readonly PushItem[],
  tlp: Tlp = "green",
  report?: TaskId,
): Promise<void> {
  const collection = (await createCollections(sql).list(EVERYTHING)).find((one) => one.tlp === tlp)!;
  const publishing = createPublishing(sql);
  await publishing.touch([sha256]);
  const [sample] = await publishing.due(1);
  const versions = items.map(({ id, content }): NewVersion => {
    const { type, modified, revoked = false } = JSON.parse(content);
    return { id, type, specVersion: "2.1", version: modified, revoked, content, replaces: false };
  });
  assert(
    await publishing.write(sample!, async (transaction) => {
      await transaction.add(collection.id, versions);
      if (report !== undefined) {
        await transaction.setReport(
          collection.id,
          { id: report, sha256, stamp: "1" },
          items.map(({ id }) => id),
        );
      }
    }),
  );
}

const items = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => testItem(from + at));
const ids = (from: number, to: number) => items(from, to).map(({ id }) => id);

Deno.test("what is published goes to the partner once and in order, also over restarts", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 3));
  assert.equal(await given.settle(), "idle");
  await publish(given.sql, items(4, 5));
  // Another process goes on where this one was.
  assert.equal(await given.turn("another process"), "idle");
  assert.deepEqual(given.sent, [ids(1, 3), ids(4, 5)]);
  const { state, sent, dead, failures } = await given.standing();
  assert.deepEqual([state, sent, dead, failures], ["working", 5, 0, 0]);
  assert.deepEqual(await given.events(), ["sent 3", "sent 2"]);
});

Deno.test("a partner that is new gets what is published from then on, unless it is to get all", async () => {
  await using given = await world({ backlog: false });
  await publish(given.sql, items(1, 3));
  assert.equal(await given.settle(), "idle");
  await publish(given.sql, items(4, 5));
  await given.settle();
  assert.deepEqual(given.sent, [ids(4, 5)]);
});

Deno.test("nothing above the partner's level leaves, even where it was published by mistake", async () => {
  await using given = await world();
  const marks = { object_marking_refs: ["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"] };
  await publish(given.sql, [testItem(1), testItem(2, marks), testItem(3, { object_marking_refs: [] })]);
  await publish(given.sql, [testItem(4)], "red");
  await given.settle();
  assert.deepEqual(given.sent, [ids(1, 1)]);
  const dead = await given.sql`select object_id, reason from partner_dead order by object_id`;
  assert.deepEqual(dead.map((row) => [row.object_id, row.reason]), [
    [testItem(2).id, "Not sent: it is not marked as at most TLP:GREEN"],
    [testItem(3).id, "Not sent: it is not marked as at most TLP:GREEN"],
  ]);
});

Deno.test("a partner that is away is tried again ever later, and loses nothing however long it is", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 2));
  given.failing(() => new PartnerError("away", "Cannot reach it"));
  const waits: unknown[] = [];
  for (let tries = 0; tries < 30; tries++) {
    const end = await given.settle();
    const { wait } = end as { wait: number };
    waits.push(wait);
    // Before that time nothing is tried.
    assert.deepEqual(await given.turn(), { wait });
    given.wait(wait);
  }
  assert.deepEqual(waits.slice(0, 4), [5000, 10_000, 20_000, 40_000]);
  assert.equal(waits.at(-1), 3_600_000);
  const { state, failures, dead, lastError } = await given.standing();
  assert.deepEqual([state, failures, dead, lastError], ["waiting", 30, 0, "Cannot reach it"]);
  given.failing(() => null);
  assert.equal(await given.settle(), "idle");
  assert.deepEqual(given.sent, [ids(1, 2)]);
  assert.deepEqual([(await given.standing()).state, (await given.standing()).failures], ["working", 0]);
});

Deno.test("a partner says how long it wants to be left alone", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 1));
  given.failing(() => new PartnerError("away", "It answered 429", { retryAfter: 77_000 }));
  assert.deepEqual(await given.settle(), { wait: 77_000 });
});

Deno.test("an object that the partner refuses or always breaks at is given up alone, the others go", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 40));
  const [refused, breaking] = [testItem(7).id, testItem(23).id];
  given.failing((sent) => {
    if (sent.some(({ id }) => id === breaking)) return new PartnerError("broken", "It answered 500");
    return sent.some(({ id }) => id === refused) ? new PartnerError("refused", "It answered 422") : null;
  });
  given.refusing(({ id }) => id === testItem(9).id ? "It refused it: no" : null);
  for (let end = await given.settle(1000); end !== "idle"; end = await given.settle(1000)) {
    given.wait((end as { wait: number }).wait);
  }
  const gone = [testItem(7), testItem(9), testItem(23)].map(({ id }) => id);
  assert.deepEqual(given.sent.flat(), ids(1, 40).filter((id) => !gone.includes(id)));
  const dead = await given.sql`select object_id, reason from partner_dead order by object_id`;
  assert.deepEqual(dead.map(({ object_id, reason }) => [object_id, reason]), [
    [refused, "Given up: It answered 422"],
    [testItem(9).id, "It refused it: no"],
    [breaking, "Given up: It answered 500"],
  ]);
  assert.equal((await given.standing()).dead, 3);

  // Somebody wants them tried again: one goes now.
  given.failing(() => null);
  assert.equal(await given.partners.askRetry("cert-x"), 3);
  await given.settle();
  assert.deepEqual(given.sent.at(-1), [refused, breaking]);
  assert.equal((await given.standing()).dead, 1);
  await publish(given.sql, items(41, 41));
  await given.settle();
  assert.deepEqual(given.sent.at(-1), ids(41, 41));
});

Deno.test("each partner is pushed to by one process at a time, and by another once its lease has run out", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 1));
  await given.partners.take("cert-x", "another process", 60_000);
  assert.equal(await given.turn(), "idle");
  assert.deepEqual(given.sent, []);
  await given.sql`update partners set held_until = now() - interval '1 second'`;
  await given.settle();
  assert.deepEqual(given.sent, [ids(1, 1)]);
  const late = {
    collection: "00000000-0000-4000-8000-000000000000",
    place: null,
    sent: 9,
    dead: [],
    revived: [],
  };
  assert.equal(await given.partners.pushed("cert-x", "another process", { ...late, detail: "" }), false);
  assert.equal((await given.standing()).sent, 1);
});

Deno.test("a test is made when asked for, also while the partner is left alone, and pushes nothing", async () => {
  await using given = await world();
  await publish(given.sql, items(1, 1));
  given.failing(() => new PartnerError("away", "Cannot reach it"));
  await given.settle();
  const woken = Promise.withResolvers<void>();
  const stop = new AbortController();
  const listener = connectPostgres({ url: given.url, name: "listener", max: 2 });
  await createPartners(listener).onAsked(woken.resolve, stop.signal);
  await given.partners.askTest("cert-x");
  await woken.promise;
  stop.abort();
  await given.turn();
  await given.turn();
  assert.deepEqual(await given.events(), ["failed 0", "tested 0"]);
  const { items: [tested] } = await given.partners.events("cert-x", { size: 1 });
  assert.equal(tested!.detail, "It is there");
  await listener.end();
});

Deno.test("a search that isn't published within the partner's level is told, and nothing goes", async () => {
  await using given = await world({ search: "01ARZ3NDEKTSV4RRFFQ69G5FAV" as PartnerConfig["search"] });
  await publish(given.sql, items(1, 1));
  assert.equal(typeof await given.settle(), "object");
  assert.match((await given.standing()).lastError!, /is not published at TLP:GREEN or below/);
  assert.deepEqual(given.sent, []);
});

Deno.test("a MISP gets the reports behind published report objects, withdrawn ones aside", async () => {
  await using given = await world({ kind: "misp" });
  const report = (number: number, more = {}) => {
    const id = `report--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
    return { ...testItem(number, { id, type: "report", ...more }), id };
  };
  const task = "01ARZ3NDEKTSV4RRFFQ69G5FAV" as TaskId;
  await publish(given.sql, [report(1), testItem(2)], "green", task);
  await publish(given.sql, [report(3, { revoked: true })]);
  await given.settle();
  assert.deepEqual(given.sent, [[report(1).id, report(3).id]]);

  const collection = (await createCollections(given.sql).find("tlp-green", EVERYTHING))!;
  const asked: unknown[] = [];
  const bundleOf = (marking: string) =>
    createMispBundles({
      partners: given.partners,
      reports: {
        export: (request) => {
          asked.push([request.of, request.profile, request.visibility]);
          const objects = [{ type: "file", id: "file--1", object_marking_refs: [marking] }];
          const body = new Response(JSON.stringify({ type: "bundle", objects })).body;
          return Promise.resolve({ report: task, format: "stix", tlp: "green", etag: '"1"', body, size: 1 });
        },
      },
    });
  const green = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
  const made = await bundleOf(green)({ ...report(1), collection }, never);
  assert.match(made!, /file--1/);
  assert.deepEqual(asked, [[{ report: task }, "misp", { reader: null, maxTlp: "green" }]]);
  assert.equal(await bundleOf(green)({ ...report(3, { revoked: true }), collection }, never), null);
  assert.equal(await bundleOf(green)({ ...report(4), collection }, never), null);
  const amber = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
  await assert.rejects(bundleOf(amber)({ ...report(1), collection }, never), /not marked as at most/);
});
