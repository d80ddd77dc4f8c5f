import { EVERYTHING, type KeyId, type Report, type Visibility } from "@assay/core";
import {
  createKeys,
  createNotes,
  createPublications,
  createRetention,
  createSampleTags,
  createSavedSearches,
  SearchTimeoutError,
  SearchUnavailableError,
  type Sql,
} from "@assay/infra";
import assert from "node:assert/strict";
import { reports } from "../../reports/fixtures/reports.ts";
import { publishOnce, runPublisher } from "../../reports/publish/publisher.ts";
import type { StixObject } from "../../reports/stix/object.ts";
import { publishWorld } from "./world.ts";

/** What a sandbox saw: hosts, files, techniques. */
function ran(): Partial<Report> {
  const { modules, verdict, children, fileType, mime } = reports().get("ran")!;
  return { modules, verdict, children, fileType, mime };
}

const LEVELS = ["tlp-clear", "tlp-green", "tlp-amber", "tlp-amber-strict", "tlp-red"];
const kinds = (objects: Iterable<StixObject>) => new Set([...objects].map(({ type }) => type));
const of = (objects: ReadonlyMap<string, StixObject>, type: string) =>
  [...objects.values()].filter((object) => object.type === type);

async function saved(
  sql: Sql,
  owner: { id: KeyId; name: string },
  q: string,
  scope: "samples" | "reports" = "reports",
) {
  const terms = { q, scope, mode: "default", sort: null } as const;
  const made = await createSavedSearches(sql).create(
    { name: `${scope}: ${q}`, description: null, tlp: null, ...terms },
    owner,
  );
  assert(typeof made !== "string");
  return made;
}

Deno.test("a report is in every collection whose readers may see it, whole, once, and under an id of that view", async () => {
  await using world = await publishWorld();
  const [green, amber] = [
    await world.analysed("green", "green", ran()),
    await world.analysed("amber", "amber", ran()),
  ];
  await world.publish();

  const all = new Map<string, Map<string, StixObject>>();
  for (const level of LEVELS) all.set(level, await world.newest(level));
  const names = (level: string) =>
    of(all.get(level)!, "report").map(({ name }) => String(name).slice("Analysis of ".length)).sort();
  assert.deepEqual(names("tlp-clear"), []);
  assert.deepEqual(names("tlp-green"), [green.sha256]);
  for (const level of LEVELS.slice(2)) assert.deepEqual(names(level), [green.sha256, amber.sha256].sort());
  const ids = LEVELS.flatMap((level) => of(all.get(level)!, "report").map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, "two views never share the id of a report");
  for (const objects of all.values()) {
    for (const { id, object_refs } of of(objects, "report")) {
      for (const ref of object_refs as string[]) assert(objects.has(ref), `${id} names ${ref}`);
    }
  }
  assert.equal(JSON.stringify([...all.get("tlp-green")!.values()]).includes(amber.sha256), false);

  const before = await Promise.all(LEVELS.map((level) => world.records(level, ["all"])));
  await world.dependencies.publishing.touch([green.sha256, amber.sha256]);
  await world.publish();
  assert.deepEqual(await Promise.all(LEVELS.map((level) => world.records(level, ["all"]))), before);
});

Deno.test("an observable that reports of two levels name has the level at which it may be handed on", async () => {
  await using world = await publishWorld();
  await world.analysed("amber", "amber", ran());
  await world.publish();
  const host = async (level: string) => of(await world.newest(level), "domain-name")[0]!;
  const marking = async (level: string) => (await host(level))["object_marking_refs"];
  const amber = await marking("tlp-amber");
  await world.analysed("green", "green", ran());
  await world.publish();
  const green = await marking("tlp-green");
  assert.notDeepEqual(amber, green);
  assert.deepEqual(await marking("tlp-amber"), green);
  const { id } = await host("tlp-amber");
  const rows = (await world.records("tlp-amber", ["all"])).filter((one) => one.id === id);
  assert.equal(rows.length, 1, "what has no versions is there once");
});

Deno.test("a note comes and goes with its level without being revoked, and is revoked when it is deleted", async () => {
  await using world = await publishWorld();
  const { sql, key } = world;
  const report = await world.analysed("sample", "green", ran());
  await world.publish();
  const notes = createNotes(sql);
  const by = { id: key.id, name: key.name, any: false };
  const text = "Seen before";
  const written = (await notes.add(report.sha256, { text, tlp: "red" }, by, EVERYTHING))!;
  const place = { sha256: report.sha256, id: written.id };
  const seen = async (level: string) =>
    of(await world.newest(level), "note").flatMap(({ content, revoked }) =>
      content === text ? "there" : revoked ? "revoked" : []
    );
  const everywhere = async () => {
    await world.publish();
    return [await seen("tlp-green"), await seen("tlp-red")];
  };
  assert.deepEqual(await everywhere(), [[], ["there"]]);
  await notes.edit(place, { text, tlp: "green", version: 1 }, by, EVERYTHING);
  assert.deepEqual(await everywhere(), [["there"], ["there"]]);
  await notes.edit(place, { text, tlp: "red", version: 2 }, by, EVERYTHING);
  assert.deepEqual(await everywhere(), [[], ["there"]]);
  await notes.edit(place, { text, tlp: "green", version: 3 }, by, EVERYTHING);
  assert.deepEqual(await everywhere(), [["there"], ["there"]]);
  const [before] = of(await world.newest("tlp-green"), "report");
  await notes.remove(place, by, EVERYTHING);
  assert.deepEqual(await everywhere(), [["revoked"], ["revoked"]]);
  const [after] = of(await world.newest("tlp-green"), "report");
  assert.equal(after!.id, before!.id);
  assert(String(after!["modified"]) > String(before!["modified"]), "partners take the later one");
  assert(!JSON.stringify(await world.records("tlp-green", ["all"])).includes(text), "nothing of it is left");
});

Deno.test("a report that somebody deletes is revoked and its words are gone; what others share stays", async () => {
  await using world = await publishWorld();
  const gone = await world.analysed("gone", "green", ran());
  const kept = await world.analysed("kept", "green", ran());
  await world.publish();
  const before = await world.newest("tlp-green");
  await world.remove(gone);
  await world.publish();
  const after = await world.newest("tlp-green");

  const revoked = [...after.values()].filter((object) => object["revoked"] === true);
  const types = ["indicator", "malware", "malware-analysis", "observed-data", "relationship", "report"];
  assert.deepEqual([...kinds(revoked)].filter((type) => type !== "note").sort(), types);
  for (const { id, modified } of revoked) assert(String(modified) > String(before.get(id)!["modified"]));
  const own = (objects: typeof before) =>
    [...objects.values()].filter((one) => one["created_by_ref"] && !one["revoked"]);
  const report = of(after, "report").find((one) => one["revoked"] !== true)!;
  assert.match(String(report["name"]), new RegExp(kept.sha256));
  assert.equal(own(before).length, own(after).length + revoked.length);
  for (const type of ["domain-name", "attack-pattern", "identity", "marking-definition"]) {
    assert.deepEqual(of(after, type), of(before, type), type);
  }
  assert.equal(
    (await world.records("tlp-green", ["all"])).filter(({ id }) => revoked.some((one) => one.id === id))
      .length,
    revoked.length,
  );
  const file = of(before, "file").find((one) => one["name"] === "gone.bin")!;
  assert.equal(after.has(file.id), false, "an observable has no revocation: it is taken out");
  assert.equal((await world.sql`select from taxii_withdrawn`).length, 0);

  await world.remove(kept);
  await world.publish();
  assert.deepEqual([...await world.newest("tlp-green")].filter(([, one]) => !one["revoked"]), []);
  for (const [, text] of Object.entries(await world.records("tlp-green", ["all"]))) {
    assert.equal(/gone\.bin|It is bad/.test(text.content), false);
  }
});

Deno.test("what retention takes away is taken out, and stays valid for partners", async () => {
  await using world = await publishWorld();
  await world.analysed("old", "green", ran());
  await world.publish();
  assert((await world.newest("tlp-green")).size > 20);
  await world.sql`update tasks set finished = now() - interval '40 days'`;
  const rule = {
    name: "old",
    olderThan: 86_400_000,
    tags: [],
    tlp: [],
    verdict: [],
    what: "samples" as const,
  };
  assert.equal((await createRetention(world.sql, [rule]).next("samples", null)).removed.length, 1);
  await world.publish();
  for (const level of LEVELS) assert.deepEqual([...await world.newest(level)], [], level);
  assert.equal((await world.sql`select from taxii_contents`).length, 0);
});

Deno.test("a later revision of a report makes later versions, and revokes what it doesn't say any more", async () => {
  await using world = await publishWorld();
  const report = await world.analysed("changing", "green", ran());
  await world.publish();
  const before = await world.newest("tlp-green");
  await world.revised(report, {
    verdict: { level: "unknown", score: 0, summary: "Nothing spoke", reasons: [] },
  });
  await world.publish();
  const after = await world.newest("tlp-green");
  const [was, is] = [of(before, "report")[0]!, of(after, "report")[0]!];
  assert.equal(was.id, is.id);
  assert(String(is["modified"]) > String(was["modified"]));
  assert.match(String(is["description"]), /Nothing spoke/);
  const malware = of(before, "malware").find((one) => one["is_family"] === false)!;
  assert.equal(after.get(malware.id)!["revoked"], true);
  assert(of(after, "indicator").every((one) => one["revoked"] === true));
  await world.revised({ ...report, revision: 2 }, ran());
  await world.publish();
  assert.equal((await world.newest("tlp-green")).get(malware.id)!["revoked"], true, "revoked is for good");
});

Deno.test("a published search holds what it finds at its level: what was there, what comes, and no more what it loses", async () => {
  await using world = await publishWorld();
  const { sql, key } = world;
  const by: Visibility = { reader: key.id, maxTlp: "red" };
  const tags = createSampleTags(sql);
  const tag = (report: Report) =>
    tags.add({ sha256s: [report.sha256], tags: ["caught"], tlp: "green" }, key, by);
  const first = await world.analysed("first", "green", ran());
  await world.analysed("other", "green", ran());
  const secret = await world.analysed("secret", "red", ran());
  for (const one of [first, secret]) await tag(one);
  await world.publish();
  const search = await saved(sql, key, "tag:caught", "samples");
  const made = await createPublications(sql).put(search.id, "green", by);
  assert(typeof made !== "string");
  const held = async () =>
    of(await world.newest(made.collectionId), "report")
      .filter((one) => !one["revoked"]).map(({ name }) => String(name).slice("Analysis of ".length)).sort();
  await world.publish();
  assert.deepEqual(await held(), [first.sha256]);
  const state = (await createPublications(sql).find(search.id, by))!;
  assert.deepEqual([state.reports, state.filled === null], [1, false]);

  const second = await world.analysed("second", "green", ran());
  await world.publish();
  assert.deepEqual(await held(), [first.sha256]);
  await tag(second);
  await world.publish();
  assert.deepEqual(await held(), [first.sha256, second.sha256].sort());
  await tags.remove({ sha256s: [first.sha256], tags: ["caught"] }, { ...key, any: false }, by);
  await world.publish();
  assert.deepEqual(await held(), [second.sha256]);
  const level = await world.newest("tlp-green");
  const listed = await world.newest(made.collectionId);
  for (const objects of [level, listed]) {
    assert([...objects.values()].every((one) => one["revoked"] !== true), "leaving a search revokes nothing");
  }

  const terms = {
    name: search.name,
    description: null,
    tlp: null,
    scope: "reports",
    mode: "default",
    sort: null,
  } as const;
  await createSavedSearches(sql).change(search.id, { ...terms, q: `sha256:${first.sha256}` }, by);
  await world.publish();
  assert.deepEqual(await held(), [first.sha256]);
  await createSavedSearches(sql).change(search.id, { ...terms, q: "nosuchfield:1" }, by);
  await world.publish();
  assert.deepEqual(await held(), [first.sha256], "one that can't be asked stays as it is");
  assert.match((await createPublications(sql).find(search.id, by))!.stopped!, /can't be asked.*nosuchfield/);
  await createSavedSearches(sql).change(search.id, { ...terms, q: `sha256:${second.sha256}` }, by);
  await createPublications(sql).put(search.id, "green", by);
  await world.publish();
  assert.deepEqual(await held(), [second.sha256]);
  const kept = await world.records("tlp-green", ["all"]);
  await createSavedSearches(sql).remove(search.id, false, by);
  await world.publish();
  const left = (table: string) => sql`select from ${sql(table)} where collection = ${made.collectionId}`;
  for (const table of ["taxii_objects", "taxii_reports", "taxii_sources"]) {
    assert.equal((await left(table)).length, 0);
  }
  assert.equal((await sql`select from taxii_collections`).length, 5);
  assert.deepEqual(await world.records("tlp-green", ["all"]), kept);
});

Deno.test("what was missed while a search could not be asked comes once it can", async () => {
  await using world = await publishWorld();
  const { sql, key, dependencies } = world;
  const search = await saved(sql, key, "fileType:pe");
  const made = await createPublications(sql).put(search.id, "green", { reader: key.id, maxTlp: "red" });
  assert(typeof made !== "string");
  await world.publish();
  await world.analysed("missed", "green");
  let isSlow = true;
  const slow = new SearchTimeoutError("It took too long");
  const publish = () =>
    world.publish({
      search: {
        match: (requests) =>
          isSlow ? Promise.resolve(requests.map(() => slow)) : dependencies.search.match(requests),
        walk: (request, visibility) =>
          isSlow ? Promise.reject(slow) : dependencies.search.walk(request, visibility),
      },
    });
  await assert.rejects(publish(), /1 published searches could not be asked/);
  assert.equal(of(await world.newest("tlp-green"), "report").length, 1, "the others go on");
  assert.equal(of(await world.newest(made.collectionId), "report").length, 0);
  isSlow = false;
  await publish();
  assert.equal(of(await world.newest(made.collectionId), "report").length, 1);
  assert.equal(of(await world.newest("tlp-green"), "report").length, 1);
});

Deno.test("a version has one content in the collection of a level and in those of searches at it, whenever they begin", async () => {
  await using world = await publishWorld();
  const { sql, key } = world;
  const by = { id: key.id, name: key.name, any: false };
  const report = await world.analysed("same", "green", ran());
  await world.publish();
  const notes = createNotes(sql);
  const note = (await notes.add(report.sha256, { text: "Seen", tlp: "green" }, by, EVERYTHING))!;
  await world.publish();
  await notes.remove({ sha256: report.sha256, id: note.id }, by, EVERYTHING);
  await world.publish();
  const made = await createPublications(sql).put((await saved(sql, key, "fileType:*")).id, "green", {
    reader: key.id,
    maxTlp: "red",
  });
  assert(typeof made !== "string");
  await world.publish();
  const tags = createSampleTags(sql);
  await tags.add({ sha256s: [report.sha256], tags: ["later"], tlp: "green" }, key, EVERYTHING);
  await world.publish();
  const versions = async (collection: string) =>
    new Map(
      (await world.records(collection, ["all"])).map((
        { id, version, content },
      ) => [`${id} ${version}`, content]),
    );
  const [level, search] = [await versions("tlp-green"), await versions(made.collectionId)];
  const shared = [...search].filter(([name]) => level.has(name));
  assert(shared.length > 10 && shared.some(([name]) => name.startsWith("report--")));
  for (const [name, content] of shared) assert.equal(content, level.get(name), name);
  const newest = async (collection: string) =>
    [...(await world.newest(collection)).values()].filter((one) => one["modified"] && !one["revoked"])
      .map((one) => JSON.stringify(one)).sort();
  assert.deepEqual(await newest(made.collectionId), await newest("tlp-green"));
});

Deno.test("a search of samples publishes the newest report of each, and stops with its owner's key", async () => {
  await using world = await publishWorld();
  const { sql } = world;
  const { key: owner } = await createKeys(sql).create({
    name: "owner",
    scopes: ["read", "annotate"],
    maxTlp: "red",
    expires: null,
  });
  const by: Visibility = { reader: owner.id, maxTlp: "red" };
  const [latest, every] = [
    await saved(sql, owner, "fileType:pe", "samples"),
    await saved(sql, owner, "fileType:pe"),
  ];
  const publish = async (id: typeof latest.id) => {
    const made = await createPublications(sql).put(id, "green", by);
    assert(typeof made !== "string");
    return made.collectionId;
  };
  const [newest, all] = [await publish(latest.id), await publish(every.id)];
  const first = await world.analysed("same", "green");
  await world.publish();
  const count = async (collection: string) => of(await world.newest(collection), "report").length;
  assert.deepEqual([await count(newest), await count(all)], [1, 1]);
  await world.analysed("same", "green");
  await world.publish();
  assert.deepEqual([await count(newest), await count(all)], [1, 2]);
  await createKeys(sql).revoke(owner.id);
  await world.analysed("later", "green");
  await world.publish();
  assert.deepEqual([await count(newest), await count(all)], [1, 2]);
  const { stopped } = (await createPublications(sql).find(latest.id, by))!;
  assert.equal(stopped, "The key 'owner' has been revoked");
  await world.remove(first);
  await world.publish();
  assert.deepEqual([await count(newest), await count(all)], [1, 2]);
  const revoked = of(await world.newest(all), "report").filter((one) => one["revoked"] === true);
  assert.equal(revoked.length, 1, "what is deleted is revoked there too");
});

Deno.test("a publisher that is cut off goes on where it was; nothing is lost or there twice", async () => {
  await using world = await publishWorld();
  const { publishing } = world.dependencies;
  for (const at of [1, 2, 3]) {
    await world.analysed("again", "green", { ...ran(), score: at } as Partial<Report>);
  }
  await world.analysed("another", "green", ran());
  await world.relay();
  const never = new AbortController().signal;
  // Before a commit, after one, and between the last commit and noting that the sample is done.
  const ends = ["before", "after", "pass", "after", "before", "undone", "undone"];
  const end = () =>
    Promise.reject(Object.assign(new Error("The process is gone"), { code: "CONNECTION_CLOSED" }));
  const dying: typeof publishing = {
    ...publishing,
    async write(sample, work) {
      const now = ends[0] === "undone" ? "pass" : ends.shift();
      if (now === "before") {
        await publishing.write(sample, async (transaction) => (await work(transaction), await end()));
      }
      const isWritten = await publishing.write(sample, work);
      if (now === "after") await end();
      return isWritten;
    },
    done: (sample) => ends[0] === "undone" ? (ends.shift(), end()) : publishing.done(sample),
  };
  let crashes = 0;
  for (let isBusy = true; isBusy;) {
    try {
      isBusy = await publishOnce({ ...world.dependencies, publishing: dying }, never);
    } catch (error) {
      assert.match(String(error), /The process is gone/);
      crashes++;
    }
  }
  assert.deepEqual([crashes, ends], [6, []]);
  const rows = await world.records("tlp-green", ["all"]);
  assert.equal(new Set(rows.map(({ id, version }) => `${id} ${version}`)).size, rows.length);
  assert.equal(
    new Set(rows.map(({ id }) => id)).size,
    rows.length,
    "nothing changed, so each has one version",
  );
  assert.equal(of(await world.newest("tlp-green"), "report").length, 4);
});

Deno.test("two publishers at once publish everything once", async () => {
  await using world = await publishWorld();
  for (let at = 0; at < 12; at++) await world.analysed(`sample ${at}`, "green", ran());
  await world.relay();
  const never = new AbortController().signal;
  const run = async () => {
    while (await publishOnce(world.dependencies, never));
  };
  await Promise.all([run(), run()]);
  const rows = await world.records("tlp-green", ["all"]);
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  assert.equal(of(await world.newest("tlp-green"), "report").length, 12);
});

Deno.test("runPublisher() waits for a store that is away, and sets aside what can't be published until it changes", async () => {
  await using world = await publishWorld();
  const { publishing, describer, reports: stored } = world.dependencies;
  const bad = await world.analysed("bad", "green", ran());
  const good = await world.analysed("good", "green", ran());
  await world.relay();
  let away = 3;
  const stop = new AbortController();
  const published = runPublisher({
    levels: ["green"],
    ...world.dependencies,
    reports: {
      find: (id, visibility) =>
        away-- > 0
          ? Promise.reject(new SearchUnavailableError("Elasticsearch is away"))
          : stored.find(id, visibility),
    },
    describer: {
      ...describer,
      describe: (report, added, level) =>
        report.id === bad.id
          ? Promise.reject(new Error("It is bad"))
          : describer.describe(report, added, level),
    },
  }, stop.signal);
  const due = () =>
    world.sql<{ sha256: string; error: string | null }[]>`select sha256, error from taxii_due`;
  for (let left = await due(); left.length !== 1 || left[0]!.error === null; left = await due());
  stop.abort();
  await published;
  assert.deepEqual([...await due()], [{ sha256: bad.sha256, error: "It is bad" }]);
  const names = async () => of(await world.newest("tlp-green"), "report").map(({ name }) => name).sort();
  assert.deepEqual(await names(), [`Analysis of ${good.sha256}`]);
  await publishing.touch([bad.sha256]);
  await world.publish();
  assert.deepEqual(await names(), [`Analysis of ${bad.sha256}`, `Analysis of ${good.sha256}`].sort());
});
