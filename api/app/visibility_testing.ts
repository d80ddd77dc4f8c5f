import type { Report } from "@assay/core";
import assert from "node:assert/strict";
import type { TestApi } from "./testing.ts";

/** A sample that only its owner may see, one that both may, and a key that is cleared less than the first. */
export interface World {
  readonly api: TestApi;
  /** The key that may see `shared` alone. */
  readonly low: string;
  readonly secret: Report;
  readonly shared: Report;
}

/** Ids that nothing has: what isn't visible must answer as these do. */
export const NO_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
export const NO_HASH = "f".repeat(64);

export const json = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** The owner gets it, the other gets the very words of what isn't there (ids and hashes apart). */
export function hidden(
  path: (report: { id: string; submissionId: string; sha256: string }) => string,
  init: RequestInit = {},
  status = 200,
) {
  return async ({ api, low, secret, shared }: World) => {
    const nothing = { id: NO_ID, submissionId: NO_ID, sha256: NO_HASH };
    const ask = async (report: typeof nothing, key: string) => {
      const response = await api.ask(path(report), { ...init, key });
      const text = response.headers.get("content-type") === "text/event-stream"
        ? (await response.body!.cancel(), "")
        : await response.text();
      return { status: response.status, text: anonymous(text, report) };
    };
    const unseen = await ask(secret, low);
    assert.equal(unseen.status, 404);
    assert.deepEqual(unseen, await ask(nothing, low));
    assert.equal((await ask(shared, low)).status, status);
    assert.equal((await ask(secret, api.admin)).status, status);
  };
}

export function anonymous(
  text: string,
  report: { id: string; submissionId: string; sha256: string },
): string {
  let plain = text.replace(/"instance":"\w+"/, "");
  for (const id of [report.id, report.submissionId, report.sha256]) plain = plain.replaceAll(id, "X");
  return plain;
}

/** The owner's list holds both, the other's only what is shared; nothing of the rest is told, not even its number. */
export function filtered(path: string, idOf: (report: Report) => string, init: RequestInit = {}) {
  return async ({ api, low, secret, shared }: World) => {
    const all = await (await api.ask(path, { ...init, key: api.admin })).text();
    assert(all.includes(idOf(secret)) && all.includes(idOf(shared)), `${path}: ${all.slice(0, 500)}`);
    const some = await (await api.ask(path, { ...init, key: low })).text();
    assert(some.includes(idOf(shared)) && !some.includes(idOf(secret)), `${path}: ${some.slice(0, 500)}`);
    for (const word of ["secret.exe", "secret-tag", secret.sha256, secret.submissionId]) {
      assert.equal(some.includes(word), false, `${path} tells '${word}'`);
    }
  };
}
