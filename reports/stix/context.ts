import type { ExportProfile, Timestamp, Tlp } from "@assay/core";
import type { ReportModel } from "../model/model.ts";
import { ownId } from "./id.ts";
import { markingId } from "./marking.ts";
import type { StixObject } from "./object.ts";
import type { StixSchemas } from "./schemas.ts";
import type { Techniques } from "./techniques.ts";

/** What bundles are made with besides the model. */
export interface StixSettings {
  readonly schemas: StixSchemas;
  readonly techniques: Techniques;
  readonly profile: ExportProfile;
}

/** What every part of a bundle is made with. */
export interface Context extends StixSettings {
  readonly model: ReportModel;
  readonly identity: StixObject;
  /** An object of this scan by this organisation. */
  own(type: string, key: readonly string[], properties: OwnProperties): StixObject;
  /** A relationship of this scan. */
  relate(source: string, type: string, target: string, description?: string): StixObject;
}

type OwnProperties = Readonly<Record<string, unknown>> & {
  readonly tlp?: Tlp;
  readonly created?: Timestamp;
  readonly modified?: Timestamp;
};

/** When what has no time of its own was made: shared objects have the same bytes in every bundle. */
export const EPOCH: Timestamp = "2026-01-01T00:00:00.000Z";

/**
 * Objects' ids come from the scan, the profile and what they tell of, never from chance; `created` is when the sample was handed in and
 * `modified` the end of the scan, unless an object has times of its own.
 */
export function createContext(model: ReportModel, settings: StixSettings): Context {
  const { name, contact } = model.organisation;
  const identity: StixObject = {
    type: "identity",
    spec_version: "2.1",
    id: ownId("identity", name, contact ?? ""),
    created: EPOCH,
    modified: EPOCH,
    name,
    identity_class: "organization",
    ...(contact !== null && { contact_information: contact }),
    object_marking_refs: [markingId("clear")],
  };
  const own: Context["own"] = (type, key, { tlp, created, modified, ...properties }) => {
    const made = created ?? model.submitted;
    const moved = modified ?? model.finished;
    return {
      type,
      spec_version: "2.1",
      id: ownId(type, identity.id, settings.profile, model.id, ...key),
      created_by_ref: identity.id,
      created: made,
      modified: moved < made ? made : moved,
      ...properties,
      object_marking_refs: [markingId(tlp ?? model.findingsTlp)],
    };
  };
  return {
    ...settings,
    model,
    identity,
    own,
    relate: (source, type, target, description) =>
      own("relationship", [source, type, target], {
        relationship_type: type,
        ...(description && { description }),
        source_ref: source,
        target_ref: target,
      }),
  };
}

/** An observable marked with the level of the scan's findings. */
export function marked(context: Context, object: StixObject): StixObject {
  return { ...object, object_marking_refs: [markingId(context.model.findingsTlp)] };
}
