import { isObservable, observableId } from "../id.ts";
import type { StixBundle } from "../object.ts";
import type { Finding } from "./finding.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Ids: of the object's type, once each, and those of observables by their properties. */
export function checkIds({ id, objects }: StixBundle): Finding[] {
  const findings: Finding[] = isId(id, "bundle") ? [] : [{ object: "bundle", problem: `id: got '${id}'` }];
  const seen = new Set<string>();
  for (const object of objects) {
    const problem = (text: string) => findings.push({ object: object.id, problem: `id: ${text}` });
    if (seen.has(object.id)) problem("is there twice");
    seen.add(object.id);
    if (!isId(object.id, object.type)) problem(`expected '${object.type}--' and a UUID in small letters`);
    if (!isObservable(object.type)) continue;
    const expected = idOf(object.type, object);
    if (expected !== object.id) problem(`expected '${expected}' by its properties`);
  }
  return findings;
}

function isId(id: string, type: string): boolean {
  return id.startsWith(`${type}--`) && UUID.test(id.slice(type.length + 2));
}

function idOf(type: string, object: Readonly<Record<string, unknown>>): string {
  try {
    return observableId(type, object);
  } catch (error) {
    if (error instanceof TypeError) return `none: ${error.message}`;
    throw error;
  }
}
