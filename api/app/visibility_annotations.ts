import assert from "node:assert/strict";
import { hidden, json, NO_ID, type World } from "./visibility_testing.ts";

/** What operations on notes, tags, lists and saved searches must show. */
export const annotationCases: Readonly<Record<string, (world: World) => Promise<void>>> = {
  listNotes: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/notes`)(world);
    await annotations(world, "notes", { text: "secret-note", tlp: "red" }, {
      text: "open-note",
      tlp: "green",
    });
  },
  addNote: hidden((r) => `/api/v1/samples/${r.sha256}/notes`, json({ text: "mine", tlp: "green" }), 201),
  editNote: notes(
    "",
    { ...json({ text: "new", tlp: "red", version: 1 }), method: "PUT" },
    (status) => status === 200,
  ),
  removeNote: notes("", { method: "DELETE" }, (status) => status === 204),
  listNoteVersions: notes("/versions", {}, (status) => status === 200),
  listSampleTags: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/tags`)(world);
    await annotations(world, "tags", { tags: ["secret-note"], tlp: "red" }, {
      tags: ["open-note"],
      tlp: "green",
    });
  },
  addSampleTags: hidden((r) => `/api/v1/samples/${r.sha256}/tags`, json({ tags: ["mine"], tlp: "green" })),
  removeSampleTag: async ({ api, low, secret, shared }) => {
    for (const [sha256, tlp] of [[secret.sha256, "green"], [shared.sha256, "red"]] as const) {
      await api.ask(`/api/v1/samples/${sha256}/tags`, json({ tags: ["hidden-tag"], tlp }));
      const ask = (tag: string) =>
        api.ask(`/api/v1/samples/${sha256}/tags/${tag}`, { method: "DELETE", key: low });
      assert.deepEqual([(await ask("hidden-tag")).status, (await ask("no-tag")).status], [404, 404]);
    }
  },
  listTagChanges: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/tags/history`)(world);
    await annotations(world, "tags/history", null, null);
  },
  listTags: async ({ api, low, secret, shared }) => {
    await api.ask(
      `/api/v1/samples/${secret.sha256}/tags`,
      json({ tags: ["count-a", "count-b"], tlp: "clear" }),
    );
    await api.ask(`/api/v1/samples/${shared.sha256}/tags`, json({ tags: ["count-b"], tlp: "clear" }));
    await api.ask(`/api/v1/samples/${shared.sha256}/tags`, json({ tags: ["count-c"], tlp: "red" }));
    const count = async (key: string) =>
      (await (await api.ask("/api/v1/tags?prefix=count-", { key })).json()).items;
    assert.deepEqual(await count(low), [{ tag: "count-b", samples: 1 }]);
    assert.deepEqual(await count(api.admin), [
      { tag: "count-a", samples: 1 },
      { tag: "count-b", samples: 2 },
      { tag: "count-c", samples: 1 },
    ]);
  },
  ...shelfCases("List", "lists", { name: "hidden-shelf" }),
  ...shelfCases("SavedSearch", "searches", { name: "hidden-shelf", q: "name:x" }),
  listLists: shelves("lists", {}),
  listSavedSearches: shelves("searches", { q: "" }),
  createList: own("lists", {}),
  createSavedSearch: own("searches", { q: "" }),
  listHunts: async ({ api, low }) => {
    for (const tlp of [null, "red", "green"]) {
      const made = json({ name: `hunt ${tlp}`, q: "", tlp });
      const { id } = await (await api.ask("/api/v1/searches", made)).json();
      await api.ask(`/api/v1/searches/${id}/hunt`, { ...json({ tags: [`seen-${tlp}`] }), method: "PUT" });
    }
    const tags = async (key: string) =>
      (await (await api.ask("/api/v1/hunts", { key })).json()).items.flatMap((hunt: { tags: string[] }) =>
        hunt.tags.filter((tag) => tag.startsWith("seen-"))
      );
    assert.deepEqual(await tags(low), ["seen-green"]);
    assert.deepEqual(await tags(api.admin), ["seen-green", "seen-red", "seen-null"]);
  },
  findHunt: hunts("", {}),
  putHunt: hunts("", { ...json({ tags: ["x"] }), method: "PUT" }),
  runHuntRetro: hunts("/retro", { method: "POST" }),
  removeHunt: hunts("", { method: "DELETE" }),
  findPublication: publications({}),
  putPublication: publications({ ...json({ tlp: "green" }), method: "PUT" }),
  removePublication: publications({ method: "DELETE" }),
  listNotifications: async ({ api, low, secret }) => {
    const path = "/api/v1/notifications";
    const made = await (await api.ask("/api/v1/searches", json({ name: "told", q: "" }))).json();
    await api.ask(`/api/v1/searches/${made.id}/hunt`, { ...json({}), method: "PUT" });
    const hunt = (await api.hunts.find(made.id, { reader: made.owner, maxTlp: "red" }))!;
    const by = {
      id: made.owner,
      name: "admin",
      maxAttempts: 1,
      visibility: { reader: made.owner, maxTlp: "red" },
    } as const;
    await api.hunts.record(hunt, [{ sha256: secret.sha256, reportId: secret.id }], by);
    const unread = async (key: string) => (await (await api.ask(path, { key })).json()).unread;
    assert.deepEqual([await unread(api.admin), await unread(low)], [1, 0]);
  },
  readNotifications: async ({ api, low }) => {
    const read = async (key: string) =>
      (await (await api.ask("/api/v1/notifications/read", { ...json({}), key })).json()).changed;
    assert.deepEqual([await read(low), await read(api.admin)], [0, 1]);
  },
  listListedSamples: async (world) => {
    const list = await sharedList(world);
    const read = async (key: string) =>
      (await (await world.api.ask(`/api/v1/lists/${list}/samples`, { key })).json()).items.map((
        { sha256 }: { sha256: string },
      ) => sha256);
    assert.deepEqual(await read(world.low), [world.shared.sha256]);
    assert.equal((await read(world.api.admin)).length, 2);
    const { samples } = await (await world.api.ask(`/api/v1/lists/${list}`, { key: world.low })).json();
    assert.equal(samples, 1);
  },
  putListedSamples: async (world) => {
    const { api, low, secret } = world;
    const list = await sharedList(world);
    const put = async (sha256: string) =>
      await (await api.ask(`/api/v1/lists/${list}/samples`, { ...json({ sha256s: [sha256] }), key: low }))
        .text();
    assert.equal(await put(secret.sha256), await put("f".repeat(64)));
  },
  takeListedSample: async (world) => {
    const { api, low, secret } = world;
    const list = await sharedList(world);
    const path = `/api/v1/lists/${list}/samples/${secret.sha256}`;
    assert.equal((await api.ask(path, { method: "DELETE", key: low })).status, 404);
    assert.equal((await api.ask(path, { method: "DELETE" })).status, 204);
  },
};

/** Of what the owner adds to the shared sample, the other gets only what is for his level. */
async function annotations(
  { api, low, shared }: World,
  list: string,
  secret: object | null,
  open: object | null,
): Promise<void> {
  const path = `/api/v1/samples/${shared.sha256}/${list}`;
  for (const body of [secret, open]) if (body !== null) assert.ok((await api.ask(path, json(body))).ok);
  const [all, some] = await Promise.all(
    [api.admin, low].map(async (key) => await (await api.ask(path, { key })).text()),
  );
  assert.deepEqual([all!.includes("secret-note"), all!.includes("open-note")], [true, true], path);
  assert.deepEqual([some!.includes("secret-note"), some!.includes("open-note")], [false, true], path);
}

/** A hidden note on a shared sample, and an open note on a hidden sample, are as if they weren't there. */
function notes(end: string, init: RequestInit, isGood: (status: number) => boolean) {
  return async ({ api, low, secret, shared }: World) => {
    for (const [sha256, tlp] of [[secret.sha256, "green"], [shared.sha256, "red"]] as const) {
      const { id } = await (await api.ask(`/api/v1/samples/${sha256}/notes`, json({ text: "hidden", tlp })))
        .json();
      const ask = (note: string, key: string) =>
        api.ask(`/api/v1/samples/${sha256}/notes/${note}${end}`, { ...init, key });
      const unseen = await ask(id, low);
      const absent = await ask(NO_ID, low);
      assert.deepEqual([unseen.status, absent.status], [404, 404]);
      const plain = (text: string) => text.replaceAll(id, NO_ID).replace(/"instance":"\w+"/, "");
      assert.equal(plain(await unseen.text()), plain(await absent.text()));
      assert.ok(isGood((await ask(id, api.admin)).status));
    }
  };
}

/** Another's shelf is as if it weren't there, unless it is shared with the reader's level. */
function shelfCases(what: string, path: string, body: object): typeof annotationCases {
  const ask = ({ api }: World, id: string, init: RequestInit, key: string) =>
    api.ask(`/api/v1/${path}/${id}`, { ...init, key });
  const is = (init: RequestInit) => async (world: World) => {
    for (const tlp of [null, "red"]) {
      const made = json({ ...body, name: crypto.randomUUID(), tlp });
      const { id } = await (await world.api.ask(`/api/v1/${path}`, made)).json();
      const unseen = await ask(world, id, init, world.low);
      const absent = await ask(world, NO_ID, init, world.low);
      assert.deepEqual([unseen.status, absent.status], [404, 404]);
      const plain = (text: string) => text.replaceAll(id, NO_ID).replace(/"instance":"\w+"/, "");
      assert.equal(plain(await unseen.text()), plain(await absent.text()));
      assert.ok((await ask(world, id, init, world.api.admin)).ok);
      await ask(world, id, { method: "DELETE" }, world.api.admin);
    }
  };
  return {
    [`find${what}`]: is({}),
    [`change${what}`]: is({ ...json({ ...body, name: `${what} changed` }), method: "PUT" }),
    [`remove${what}`]: is({ method: "DELETE" }),
  };
}

/** The hunt of another's search is as if it weren't there. */
function hunts(end: string, init: RequestInit) {
  return async ({ api, low }: World) => {
    const made = json({ name: crypto.randomUUID(), q: "", tlp: "red" });
    const { id } = await (await api.ask("/api/v1/searches", made)).json();
    await api.ask(`/api/v1/searches/${id}/hunt`, { ...json({}), method: "PUT" });
    const ask = (search: string, key: string) =>
      api.ask(`/api/v1/searches/${search}/hunt${end}`, { ...init, key });
    const plain = async (search: string) =>
      (await (await ask(search, low)).text()).replaceAll(search, "X").replace(/"instance":"\w+"/, "");
    assert.equal(await plain(id), await plain(NO_ID));
    assert.ok((await ask(id, api.admin)).ok);
    await api.ask(`/api/v1/searches/${id}`, { method: "DELETE" });
  };
}

/** A private one and one for higher levels are not listed. */
function shelves(path: string, body: object) {
  return async ({ api, low }: World) => {
    for (const [name, tlp] of [["private-one", null], ["red-one", "red"], ["green-one", "green"]]) {
      await api.ask(`/api/v1/${path}`, json({ ...body, name, tlp }));
    }
    const listed = async (key: string) =>
      (await (await api.ask(`/api/v1/${path}`, { key })).json()).items.map(({ name }: { name: string }) =>
        name
      )
        .filter((name: string) => name.endsWith("-one")).sort();
    assert.deepEqual(await listed(low), ["green-one"]);
    assert.deepEqual(await listed(api.admin), ["green-one", "private-one", "red-one"]);
  };
}

/** A name that another's hidden one has is free. */
function own(path: string, body: object) {
  return async ({ api, low }: World) => {
    const made = json({ ...body, name: "same-name" });
    assert.equal((await api.ask(`/api/v1/${path}`, made)).status, 201);
    assert.equal((await api.ask(`/api/v1/${path}`, { ...made, key: low })).status, 201);
  };
}

/** The collection of a search that isn't shared is as if it weren't there; the owner has it. */
function publications(init: RequestInit) {
  return async ({ api, low }: World) => {
    const made = json({ name: crypto.randomUUID(), q: "", tlp: "red" });
    const { id } = await (await api.ask("/api/v1/searches", made)).json();
    const put = { ...json({ tlp: "green" }), method: "PUT" };
    assert.equal((await api.ask(`/api/v1/searches/${id}/publication`, put)).status, 200);
    const ask = async (search: string, key: string) => {
      const response = await api.ask(`/api/v1/searches/${search}/publication`, { ...init, key });
      const text = (await response.text()).replaceAll(search, "X").replace(/"instance":"\w+"/, "");
      return { status: response.status, text };
    };
    const unseen = await ask(id, low);
    assert.equal(unseen.status, 404);
    assert.deepEqual(unseen, await ask(NO_ID, low));
    assert((await ask(id, api.admin)).status < 300);
  };
}

/** A list for all with a sample that only some may see. */
async function sharedList({ api, secret, shared }: World): Promise<string> {
  const made = json({ name: crypto.randomUUID(), tlp: "clear" });
  const { id } = await (await api.ask("/api/v1/lists", made)).json();
  await api.ask(`/api/v1/lists/${id}/samples`, json({ sha256s: [secret.sha256, shared.sha256] }));
  return id;
}
