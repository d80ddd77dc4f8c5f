import { type Context, EPOCH } from "./context.ts";
import { ownId } from "./id.ts";
import { markingId } from "./marking.ts";
import type { StixObject } from "./object.ts";

/**
 * A technique under MITRE's own id, so that importers join it with what they have; one that the known release of ATT&CK lacks gets an
 * id of ours. Techniques are public: they are marked clear, the same in every bundle.
 */
export function attackPattern({ techniques }: Context, id: string): StixObject {
  const known = techniques.get(id);
  return {
    type: "attack-pattern",
    spec_version: "2.1",
    id: known?.stixId ?? ownId("attack-pattern", id),
    created: known?.created ?? EPOCH,
    modified: known?.modified ?? EPOCH,
    name: known?.name ?? id,
    external_references: [{ source_name: "mitre-attack", external_id: id, ...(known && { url: known.url }) }],
    ...(known && known.tactics.length > 0 && {
      kill_chain_phases: known.tactics.map((phase_name) => ({ kill_chain_name: "mitre-attack", phase_name })),
    }),
    object_marking_refs: [markingId("clear")],
  };
}
