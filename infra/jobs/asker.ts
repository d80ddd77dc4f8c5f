import type { Visibility } from "@assay/core";
import type { Annotator } from "../postgres/annotator.ts";
import { allows, lapseOf } from "../postgres/keys.ts";
import type { Keys, KeyScope } from "../postgres/repositories.ts";
import type { RunningJob } from "./kind.ts";

/** The key that asked for a job, as it is now. */
export interface Asker {
  readonly by: Annotator;
  readonly visibility: Visibility;
  /** True where it may take away what others added. */
  readonly mayAll: boolean;
}

/** The key that asked, if it may still do what the job does. @throws {Error} where it may not */
export async function askerOf(
  { owner, stores }: Pick<RunningJob<{ readonly keys: Pick<Keys, "find"> }>, "owner" | "stores">,
  scopes: readonly KeyScope[],
): Promise<Asker> {
  const key = owner === null ? null : await stores.keys.find(owner);
  if (key === null) throw new Error("Cannot go on: the key that asked for it is gone");
  const lapsed = lapseOf(key, new Date());
  if (lapsed !== null) {
    const what = lapsed === "revoked-key" ? "has been revoked" : "has expired";
    throw new Error(`Cannot go on: the key '${key.name}' that asked for it ${what}`);
  }
  const lacking = scopes.find((scope) => !allows(key.scopes, scope));
  if (lacking !== undefined) {
    throw new Error(`Cannot go on: the key '${key.name}' that asked for it lacks '${lacking}'`);
  }
  return {
    by: { id: key.id, name: key.name },
    visibility: { reader: key.id, maxTlp: key.maxTlp },
    mayAll: allows(key.scopes, "admin"),
  };
}
