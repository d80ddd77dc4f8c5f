import { ExportError, type Partners, type ReportExports } from "@assay/infra";
import { shown } from "../model/shown.ts";
import type { StixBundle, StixObject } from "../stix/object.ts";
import { mayLeave } from "./ceiling.ts";
import type { PushItem } from "./client.ts";
import { PartnerError } from "./error.ts";
import type { MispOptions } from "./misp.ts";

/** Makes the bundles that a MISP gets: of the report behind a published object, as who may read its collection sees it. */
export function createMispBundles(
  { partners, reports }: {
    readonly partners: Pick<Partners, "reportOf">;
    readonly reports: Pick<ReportExports, "export">;
  },
): MispOptions["bundleOf"] {
  return async ({ id, collection, content }: PushItem, signal: AbortSignal) => {
    // A MISP takes no withdrawals.
    if ((JSON.parse(content) as StixObject)["revoked"] === true) return null;
    const report = await partners.reportOf(collection.id, id);
    if (report === null) return null;
    try {
      const made = await reports.export({
        of: { report },
        format: "stix",
        profile: "misp",
        defang: null,
        sections: null,
        known: [],
        visibility: { reader: null, maxTlp: collection.tlp },
      }, signal);
      const text = await new Response(made.body).text();
      const { objects } = JSON.parse(text) as StixBundle;
      const above = objects.find((object) => !mayLeave(object, collection.tlp));
      if (above === undefined) return text;
      throw new PartnerError("refused", `Not sent: '${above.id}' is not marked as at most that level`);
    } catch (cause) {
      if (!(cause instanceof ExportError)) throw cause;
      if (cause.refusal === "not-found") return null;
      const passes = cause.refusal === "busy" || cause.refusal === "away" || cause.refusal === "unavailable";
      throw new PartnerError(passes ? "away" : "refused", shown(cause.message, 300), { cause });
    }
  };
}
