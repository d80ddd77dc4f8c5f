import type { Indicator, IndicatorType } from "../model/model.ts";
import { type Context, marked } from "./context.ts";
import { observableId } from "./id.ts";
import type { StixObject } from "./object.ts";

/** An indicator as observables, the one that stands for it last; none where STIX has no type for it or refuses its value. */
export function observablesOf(context: Context, { type, value }: Indicator): StixObject[] {
  const objects = MAKERS[type]?.(value).map((one) => marked(context, one)) ?? [];
  // A hostile value must not cost the whole bundle: what a schema refuses goes into a note.
  return objects.every((one) => context.schemas.findProblems(one).length === 0) ? objects : [];
}

type Maker = (value: string) => StixObject[];

const MAKERS: Readonly<Partial<Record<IndicatorType, Maker>>> = {
  url: withValue("url"),
  domain: withValue("domain-name"),
  "ipv4-addr": withValue("ipv4-addr"),
  "ipv6-addr": withValue("ipv6-addr"),
  email: withValue("email-addr"),
  mutex: (name) => [observable("mutex", { name })],
  registry: (key) => /^HKEY_[A-Z_]+(\\|$)/.test(key) ? [observable("windows-registry-key", { key })] : [],
  path: describePath,
};

function withValue(type: string): Maker {
  return (value) => [observable(type, { value })];
}

/** A whole path as a file in a directory, or as a directory where it ends like one; none for a part of a path. */
function describePath(path: string): StixObject[] {
  const [, folder, name] = /^((?:[A-Za-z]:|\\)\\.*(?<=\\)|[A-Za-z]:\\|\/(?:.*\/)?)(.*)$/s.exec(path) ?? [];
  if (folder === undefined || name === undefined) return [];
  if (name === "") return [observable("directory", { path })];
  const root = folder === "/" || /^[A-Za-z]:\\$/.test(folder);
  const directory = observable("directory", { path: root ? folder : folder.slice(0, -1) });
  return [directory, observable("file", { name, parent_directory_ref: directory.id })];
}

function observable(type: string, properties: Readonly<Record<string, unknown>>): StixObject {
  return { type, spec_version: "2.1", id: observableId(type, properties), ...properties };
}
