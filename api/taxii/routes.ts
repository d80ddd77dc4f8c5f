import type { Collection, CollectionObject, CollectionRecord, CollectionRequest, Page } from "@assay/infra";
import { type Context, Hono } from "hono";
import { readerOf } from "../access/reader.ts";
import { requireScope } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { note } from "../audit/note.ts";
import { MAX_BODY } from "../limits/body.ts";
import { ProblemError } from "../problem/problem.ts";
import { readFilter } from "./filter.ts";
import { acceptsTaxii, STIX, TAXII, taxiiResponse } from "./media.ts";

/** The one API root. */
const ROOT = "/taxii2/assay/";
const COLLECTION = `${ROOT}collections/:collection/`;
/** No id of STIX is longer. */
const MAX_ID_LENGTH = 300;

type C = Context<ApiEnvironment>;

/**
 * The TAXII 2.1 server (OASIS) from which partners read what is published. Its routes are the standard's, so they are not described with the
 * API's own; every answer, failures too, is of TAXII's media type.
 */
export function taxiiRoutes(api: ApiDependencies): Hono<ApiEnvironment> {
  const router = new Hono<ApiEnvironment>();

  router.use("/taxii2/*", requireScope("taxii"), async (c, next) => {
    if (!acceptsTaxii(c.req.header("accept"))) {
      throw new ProblemError("not-acceptable", `Cannot answer: the only media type here is '${TAXII}'`);
    }
    await next();
  });

  router.get("/taxii2/", () => {
    const root = `${api.settings.publicUrl.replace(/\/+$/, "")}${ROOT}`;
    const { name, contact } = api.settings.organisation;
    return send({
      title: name,
      description: "Findings of malware analysis as STIX 2.1",
      ...(contact !== null && { contact }),
      default: root,
      api_roots: [root],
    });
  });

  router.get(ROOT, () =>
    send({
      title: api.settings.organisation.name,
      description: "Collections of findings: one of each TLP level, and saved searches",
      versions: [TAXII],
      max_content_length: MAX_BODY,
    }));

  router.get(`${ROOT}collections/`, async (c) => {
    const collections = (await api.collections.list(readerOf(c))).map(described);
    return send(collections.length === 0 ? {} : { collections });
  });

  router.get(COLLECTION, async (c) => send(described(await collectionOf(c))));

  router.get(`${COLLECTION}manifest/`, async (c) => {
    const { items, cursor } = await records(c, await collectionOf(c), readFilter(c.req.url));
    const objects = items.map(({ id, added, version }) => ({
      id,
      date_added: added,
      version,
      media_type: STIX,
    }));
    return sendPage("objects", items, objects.map((one) => JSON.stringify(one)), cursor);
  });

  router.get(`${COLLECTION}objects/`, async (c) => {
    const collection = await collectionOf(c);
    return await sendObjects(c, collection, await objects(c, collection, readFilter(c.req.url)));
  });

  router.get(`${COLLECTION}objects/:object/`, async (c) => {
    const collection = await collectionOf(c);
    const id = await objectOf(c, collection);
    const page = await objects(c, collection, { ...readFilter(c.req.url), ids: [id] });
    return await sendObjects(c, collection, page);
  });

  router.get(`${COLLECTION}objects/:object/versions/`, async (c) => {
    const collection = await collectionOf(c);
    const id = await objectOf(c, collection);
    const request = { ...readFilter(c.req.url), ids: [id], versions: ["all"] as const };
    const { items, cursor } = await records(c, collection, request);
    return sendPage("versions", items, items.map(({ version }) => JSON.stringify(version)), cursor);
  });

  router.post(`${COLLECTION}objects/`, async (c) => refuseWrite(await collectionOf(c)));
  router.delete(`${COLLECTION}objects/:object/`, async (c) => {
    const collection = await collectionOf(c);
    await objectOf(c, collection);
    return refuseWrite(collection);
  });

  async function collectionOf(c: C): Promise<Collection> {
    const name = c.req.param("collection")!;
    return await api.collections.find(name, readerOf(c)) ?? missing("collection", name);
  }

  /** An object that the collection holds in some version. */
  async function objectOf(c: C, collection: Collection): Promise<string> {
    const id = c.req.param("object")!;
    const any = { ids: [id], types: [], specVersions: [], versions: ["all"], limit: 1 } as const;
    const isThere = id.length <= MAX_ID_LENGTH && (await records(c, collection, any)).items.length > 0;
    return isThere ? id : missing("object", id);
  }

  async function objects(c: C, { id }: Collection, request: CollectionRequest) {
    return await api.collections.objects(id, request, readerOf(c)) ?? missing("collection", id);
  }

  async function records(c: C, { id }: Collection, request: CollectionRequest) {
    return await api.collections.records(id, request, readerOf(c)) ?? missing("collection", id);
  }

  async function sendObjects(c: C, { id }: Collection, { items, cursor }: Page<CollectionObject>) {
    if (items.length > 0) {
      const [first, last] = [items[0]!.added, items.at(-1)!.added];
      await note(api.audit, c, "taxii.read", id, { objects: items.length, first, last });
    }
    return sendPage("objects", items, items.map(({ content }) => content), cursor);
  }

  return router;
}

function send(body: unknown): Response {
  return taxiiResponse(JSON.stringify(body));
}

/** An envelope, a manifest or versions; nothing at all where there is nothing, as the standard has it. */
function sendPage(
  name: string,
  items: readonly CollectionRecord[],
  texts: readonly string[],
  next: string | null,
): Response {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return taxiiResponse("{}");
  const more = next === null ? `"more":false` : `"more":true,"next":${JSON.stringify(next)}`;
  return taxiiResponse(`{${more},"${name}":[${texts.join(",")}]}`, 200, {
    "x-taxii-date-added-first": first.added,
    "x-taxii-date-added-last": last.added,
  });
}

function described({ id, alias, tlp, search }: Collection) {
  const label = `TLP:${tlp.toUpperCase()}`;
  const about = search === null
    ? `What a reader cleared for ${label} sees`
    : `Reports that a search finds, up to ${label}`;
  return {
    id,
    title: search?.name ?? label,
    description: search?.description ? `${about}. ${search.description}` : about,
    ...(alias !== null && { alias }),
    can_read: true,
    can_write: false,
    media_types: [STIX],
  };
}

function refuseWrite({ id }: Collection): never {
  throw new ProblemError("read-only", `Cannot change collection '${id}': it can only be read`);
}

function missing(what: "collection" | "object", name: string): never {
  throw new ProblemError("not-found", `Cannot find ${what} '${name.slice(0, MAX_ID_LENGTH)}'`);
}
