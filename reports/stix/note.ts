import type { Engine, Indicator } from "../model/model.ts";
import type { Context } from "./context.ts";
import type { StixObject } from "./object.ts";

/** What analysts wrote, each note at its own level. */
export function analystNotes(context: Context, about: readonly string[]): StixObject[] {
  return context.model.notes.map(({ id, text, author, tlp, created, edited }) =>
    context.own("note", ["analyst", id], {
      created,
      modified: edited ?? created,
      tlp,
      content: text,
      ...(author !== "" && { authors: [author] }),
      object_refs: [...about],
    })
  );
}

/** Why a run failed, which an analysis has no property for. */
export function failureNote(
  context: Context,
  { name, status, reason }: Engine,
  analysis: StixObject,
): StixObject {
  return context.own("note", ["failure", name], {
    abstract: `${name} ended as ${status}`,
    content: reason ?? status,
    object_refs: [analysis.id],
  });
}

/** Values that STIX has no type for or no valid form of, one a line behind their kind, so that nothing is lost. */
export function leftoverNote(
  context: Context,
  leftovers: readonly Indicator[],
  sample: StixObject,
): StixObject | null {
  if (leftovers.length === 0) return null;
  return context.own("note", ["leftovers"], {
    abstract: "Values without a type of STIX",
    content: leftovers.map(({ type, value }) => `${type}\t${value}`).join("\n"),
    object_refs: [sample.id],
  });
}

/** What limits left out. */
export function limitsNote(context: Context, sample: StixObject): StixObject | null {
  const { limits } = context.model;
  if (limits.length === 0) return null;
  return context.own("note", ["limits"], {
    abstract: "Limits of the analysis",
    content: limits.join("\n"),
    object_refs: [sample.id],
  });
}
