/** An object of STIX 2.1 (OASIS), its properties as in the specification. */
export interface StixObject {
  readonly type: string;
  readonly id: string;
  readonly [property: string]: unknown;
}

/** A bundle of STIX 2.1 objects. */
export interface StixBundle {
  readonly type: "bundle";
  readonly id: string;
  readonly objects: readonly StixObject[];
}

/** What importers a bundle is for: the standard as it is, or what MISP's converter can read. */
export type StixProfile = "default" | "misp";
