import { isWithin, type Note, type Report, type SampleTag, type TaskId, type Tlp } from "@assay/core";
import { createHash } from "node:crypto";
import type { ModelInput } from "../model/build.ts";
import type { Organisation } from "../model/model.ts";
import type { Rules } from "../rules/rules.ts";
import type { StixBundle } from "../stix/object.ts";

/** What analysts added to a sample, at every level. */
export interface Annotations {
  readonly notes: readonly Note[];
  readonly tags: readonly SampleTag[];
}

/** Makes what partners get of reports. */
export interface Describer {
  /** The checked bundle of what a reader cleared to just that level sees. */
  describe(report: Report, added: Annotations, level: Tlp): Promise<StixBundle>;
  /** What {@link describe} would be given, in short: while it is the same, so is the bundle. */
  stamp(report: { readonly id: TaskId; readonly revision: number }, added: Annotations, level: Tlp): string;
}

/** How reports are described. */
export interface DescriberOptions {
  readonly organisation: Organisation;
  /** Rules whose text may leave. */
  readonly rules: Rules;
  /** Changes whenever the same report would be described otherwise. */
  readonly software: string;
  /** Makes the bundle, and checks it. */
  readonly bundle: (input: ModelInput) => Promise<StixBundle>;
}

/** Describes reports in the name of an organisation. */
export function createDescriber({ organisation, rules, software, bundle }: DescriberOptions): Describer {
  return {
    describe(report, added, level) {
      const visibility = { reader: null, maxTlp: level };
      const input = { report, organisation, visibility, rules: rules.matched(report) };
      return bundle({ ...input, ...visibleAt(added, level) });
    },
    stamp({ id, revision }, added, level) {
      const { notes, tags } = visibleAt(added, level);
      const words = [
        software,
        organisation,
        id,
        revision,
        notes.map((note) => [note.id, note.version]),
        tags.map(({ tag, owner, tlp, added }) => [tag, owner, tlp, added]),
      ];
      return createHash("sha256").update(JSON.stringify(words)).digest("base64url");
    },
  };
}

function visibleAt({ notes, tags }: Annotations, level: Tlp): Annotations {
  const isVisible = ({ tlp }: { readonly tlp: Tlp }) => isWithin(tlp, level);
  return { notes: notes.filter(isVisible), tags: tags.filter(isVisible) };
}
