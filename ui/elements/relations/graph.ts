import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { RelationNode, RelationsAnswer } from "../../answers.ts";
import type { Client } from "../../controllers/client.ts";

/** Relations in the order in which they are drawn and listed, as people call them. */
export const relationNames = {
  parent: "Extracted from",
  submission: "Submitted in",
  sibling: "Came with",
  child: "Contains",
  url: "URLs",
  domain: "Domains",
  ip: "Addresses",
  email: "E-mail addresses",
  mutex: "Mutexes",
  registry: "Registry keys",
  wallet: "Wallets",
  imphash: "Imports (imphash)",
  richHash: "Rich header",
  pdb: "Debug paths",
  section: "Sections",
} as const;
/** A kind of relation. */
export type RelationKind = keyof typeof relationNames;
/** Kinds of relation, in that order. */
export const relationKinds = Object.keys(relationNames) as RelationKind[];

/** The nodes that have one relation to the sample. */
export interface RelationGroup {
  readonly kind: RelationKind;
  readonly nodes: readonly RelationNode[];
  /** Null where it isn't known. */
  readonly total: number | null;
  readonly cursor: string | null;
}

/** How the graph stands. */
export type GraphState =
  | { readonly kind: "initial" | "pending" }
  | { readonly kind: "error"; readonly cause: unknown }
  | {
    readonly kind: "complete";
    readonly groups: readonly RelationGroup[];
    readonly limits: readonly string[];
    readonly loading: RelationKind | null;
    readonly cause: unknown;
  };

/** Nodes of each kind that are asked for at once. */
const PAGE = 8;

/** What a sample is related to, a page of each kind first and more of one kind at a time. */
export class RelationsGraph implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #sha256 = "";
  #abort: AbortController | null = null;
  /** Drawn by the host. */
  state: GraphState = { kind: "initial" };

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Follows another client or sample; does nothing where both are as before. */
  follow(client: Client | null, sha256: string): void {
    if (client === this.#client && sha256 === this.#sha256) return;
    this.#client = client;
    this.#sha256 = sha256;
    this.hostDisconnected();
    this.state = { kind: "initial" };
    this.hostConnected();
  }

  hostConnected(): void {
    if (this.#client && this.#sha256 && this.state.kind === "initial") void this.refresh();
  }

  hostDisconnected(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.state.kind !== "complete") this.state = { kind: "initial" };
  }

  /** Asks for the first page of each kind. */
  async refresh(): Promise<void> {
    this.#set({ kind: "pending" });
    try {
      const answer = await this.#ask(new URLSearchParams({ size: String(PAGE) }));
      if (answer) this.#set(complete(answer, groupsOf(answer, this.#sha256)));
    } catch (cause) {
      this.#set({ kind: "error", cause });
    }
  }

  /** Asks for the next page of one kind. */
  async more(kind: RelationKind): Promise<void> {
    const before = this.state;
    const cursor = before.kind === "complete"
      ? before.groups.find((group) => group.kind === kind)?.cursor
      : null;
    if (before.kind !== "complete" || before.loading || !cursor) return;
    this.#set({ ...before, loading: kind, cause: null });
    try {
      const answer = await this.#ask(new URLSearchParams({ kinds: kind, cursor, size: String(PAGE) }));
      if (answer) this.#set(complete(answer, merge(before.groups, groupsOf(answer, this.#sha256))));
    } catch (cause) {
      this.#set({ ...before, cause });
    }
  }

  /** Null where somebody else asked meanwhile. */
  async #ask(query: URLSearchParams): Promise<RelationsAnswer | null> {
    this.#abort?.abort();
    const { signal } = this.#abort = new AbortController();
    try {
      const path = `/api/v1/samples/${this.#sha256}/relations?${query}`;
      const answer = await this.#client!.json<RelationsAnswer>(path, { signal });
      return signal.aborted ? null : answer;
    } catch (cause) {
      if (signal.aborted) return null;
      throw cause;
    }
  }

  #set(state: GraphState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

function complete({ limits }: RelationsAnswer, groups: readonly RelationGroup[]): GraphState {
  return { kind: "complete", groups, limits, loading: null, cause: null };
}

/** Sorts nodes by what the edges say that they are to the sample. */
export function groupsOf(answer: RelationsAnswer, sha256: string): RelationGroup[] {
  const self = `sample:${sha256}`;
  const nodes = new Map(answer.nodes.map((node) => [node.id, node]));
  const found = new Map<string, Map<string, RelationNode>>();
  for (const { from, to, kind } of answer.edges) {
    const node = nodes.get(from === self ? to : from);
    if (node === undefined || node.id === self) continue;
    const relation = {
      contains: from === self ? "child" : "parent",
      "came-with": "sibling",
      "submitted-in": "submission",
      has: node.kind,
    }[kind];
    const group = found.get(relation) ?? new Map<string, RelationNode>();
    found.set(relation, group.set(node.id, node));
  }
  return relationKinds.flatMap((kind): RelationGroup[] => {
    const told = answer.kinds.find((one) => one.kind === kind);
    const group = [...found.get(kind)?.values() ?? []];
    return told && group.length > 0 ? [{ kind, nodes: group, total: told.total, cursor: told.cursor }] : [];
  });
}

function merge(before: readonly RelationGroup[], after: readonly RelationGroup[]): RelationGroup[] {
  return before.map((group) => {
    const next = after.find(({ kind }) => kind === group.kind);
    if (!next) return group;
    const known = new Set(group.nodes.map(({ id }) => id));
    return { ...next, nodes: [...group.nodes, ...next.nodes.filter(({ id }) => !known.has(id))] };
  });
}

/** Leaves out indicators that no other sample has. */
export function sharedOnly(groups: readonly RelationGroup[]): RelationGroup[] {
  return groups.map((group) => ({
    ...group,
    nodes: group.nodes.filter((node) =>
      node.kind === "sample" || node.kind === "submission" || node.samples !== 0
    ),
  }));
}
