import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { join } from "node:path";
import { isEmail, isHostName, isUri } from "./format.ts";
import type { StixObject } from "./object.ts";

/** OASIS's schemas of STIX 2.1, compiled. */
export interface StixSchemas {
  /** What is wrong with an object by the schema of its type; empty where nothing is. */
  findProblems(object: StixObject): string[];
  /** The same for what others send, of types that are read. */
  findReceivedProblems(object: StixObject): string[];
}

const BASE = "http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas";

/** Folders of the types that Assay writes. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  common: ["marking-definition"],
  observables: ["directory", "domain-name", "email-addr", "file", "ipv4-addr", "ipv6-addr", "mutex", "url"]
    .concat(["windows-registry-key"]),
  sdos: [
    "attack-pattern",
    "identity",
    "indicator",
    "malware",
    "malware-analysis",
    "note",
    "observed-data",
    "report",
  ],
  sros: ["relationship"],
};

/** Folders of the types that are read where others send them, beside those above. */
const RECEIVED_TYPES: typeof TYPES = { observables: ["artifact"], sdos: ["grouping"] };

/** Expressions of the schemas that take exponential time on hostile text, with equal ones that are linear. */
const LINEAR: ReadonlyMap<string, string> = new Map([
  ["^([a-z][a-z0-9]*)+(-[a-z0-9]+)*\\-?$", "^[a-z][a-z0-9]*(-[a-z0-9]+)*-?$"],
  ["^([a-z][a-z0-9]*)+(-[a-z0-9]+)*\\-ext$", "^[a-z][a-z0-9]*(-[a-z0-9]+)*-ext$"],
]);

/**
 * Reads and compiles the schemas out of the folder into which the wheel `stix2-validator` was unpacked.
 * @throws {Error} where a schema is missing or doesn't compile
 */
export async function readStixSchemas(folder: string): Promise<StixSchemas> {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    unicodeRegExp: false,
    allErrors: true,
    formats: { uri: isUri, email: isEmail, "idn-hostname": isHostName },
    code: { regExp: linearRegExp() },
  });
  const root = join(folder, "stix2validator", "schemas-2.1", "schemas");
  for await (const directory of Deno.readDir(root)) {
    for await (const { name } of Deno.readDir(join(root, directory.name))) {
      // Its list of members refuses notes and others; each object is checked by its own type instead.
      if (name === "bundle.json") continue;
      ajv.addSchema(JSON.parse(await Deno.readTextFile(join(root, directory.name, name))) as object);
    }
  }
  const validators = validatorsOf(ajv, TYPES);
  const receivedValidators = new Map([...validators, ...validatorsOf(ajv, RECEIVED_TYPES)]);
  // Observables are tried before they go into a bundle that is then checked as a whole; objects never change.
  const good = new WeakSet<StixObject>();
  return {
    findProblems(object) {
      if (good.has(object)) return [];
      const validate = validators.get(object.type);
      if (validate === undefined) return [`type: expected one that Assay writes, got '${object.type}'`];
      const problems = problemsBy(validate, object);
      if (problems.length === 0) good.add(object);
      return problems;
    },
    findReceivedProblems(object) {
      const validate = receivedValidators.get(object.type);
      return validate === undefined
        ? [`type: expected one that Assay reads, got '${object.type}'`]
        : problemsBy(validate, object);
    },
  };
}

function problemsBy(validate: ValidateFunction, object: StixObject): string[] {
  if (validate(object)) return [];
  return validate.errors!.map(({ instancePath, message }) => `${instancePath || "object"}: ${message}`);
}

function validatorsOf(ajv: Ajv2020, folders: typeof TYPES): Map<string, ValidateFunction> {
  return new Map(
    Object.entries(folders).flatMap(([directory, types]) =>
      types.map((type) => [type, validatorOf(ajv, `${BASE}/${directory}/${type}.json`)] as const)
    ),
  );
}

function validatorOf(ajv: Ajv2020, id: string): ValidateFunction {
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`Cannot read the schemas of STIX: expected '${id}', got none`);
  return validate;
}

function linearRegExp() {
  const make = (pattern: string, flags: string) => new RegExp(LINEAR.get(pattern) ?? pattern, flags);
  return Object.assign(make, { code: "linearRegExp" });
}
