import { isObservable, observableId } from "../id.ts";
import type { StixBundle, StixObject } from "../object.ts";
import type { Finding } from "./finding.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The ids of a bundle: its own, and each object's once. */
export function checkIds({ id, objects }: StixBundle): Finding[] {
  const findings: Finding[] = isId(id, "bundle") ? [] : [{ object: "bundle", problem: `id: got '${id}'` }];
  const seen = new Set<string>();
  for (const object of objects) {
    if (seen.has(object.id)) findings.push({ object: object.id, problem: "id: is there twice" });
    seen.add(object.id);
  }
  return findings;
}

/** An object's id: of its type, and of an observable by its properties. */
export function checkId(object: StixObject): string[] {
  const { type, id } = object;
  const problems = isId(id, type) ? [] : [`id: expected '${type}--' and a UUID in small letters`];
  if (!isObservable(type)) return problems;
  const expected = idOf(type, object);
  return expected === id ? problems : [...problems, `id: expected '${expected}' by its properties`];
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
