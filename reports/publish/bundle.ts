import { reportSections } from "@assay/core";
import type { ModelInput } from "../model/build.ts";
import type { RenderJob } from "../pool/messages.ts";
import type { RendererPool } from "../pool/pool.ts";
import type { Gate } from "../service/gate.ts";
import type { StixBundle } from "../stix/object.ts";

/** Has renderers make bundles, in turn with what people ask for. @throws {ExportError} where it can't be made */
export function bundleBy(
  pool: Pick<RendererPool, "render">,
  gate: Gate,
  signal: AbortSignal,
): (input: ModelInput) => Promise<StixBundle> {
  const options = { format: "stix", profile: "default", defang: false, sections: reportSections } as const;
  return async (input) => {
    const leave = await gate.enter(signal);
    try {
      const job = new TextEncoder().encode(JSON.stringify({ options, input } satisfies RenderJob));
      return JSON.parse(new TextDecoder().decode(await pool.render(job, signal))) as StixBundle;
    } finally {
      leave();
    }
  };
}
