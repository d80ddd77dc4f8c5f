import type { RelationNode } from "../../answers.ts";
import { type RelationGroup, type RelationKind, relationNames } from "./graph.ts";

/** A node in its place; the origin is the drawing's upper left corner, in pixels. */
export interface PlacedNode {
  readonly node: RelationNode;
  readonly kind: RelationKind;
  readonly side: "left" | "right";
  readonly x: number;
  readonly y: number;
}

/** A drawing of groups around a sample. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly centre: { readonly x: number; readonly y: number };
  readonly nodes: readonly PlacedNode[];
  readonly titles: readonly { readonly text: string; readonly x: number; readonly y: number }[];
}

/** Pixels. A node is `NODE` wide and `ROW` high with its gap; the sample stands in the middle. */
export const NODE = 276;
export const ROW = 26;
/** Of the sample's box. */
export const CENTRE = { width: 140, height: 56 };
const WIDTH = 876;
const TITLE = 30;
const EDGE = 4;
const leftKinds: readonly RelationKind[] = ["parent", "submission", "sibling"];

/** Puts where a sample came from on the left, what is in it on the right, each group under its title. */
export function layoutOf(groups: readonly RelationGroup[]): Layout {
  const nodes: PlacedNode[] = [];
  const titles: { text: string; x: number; y: number }[] = [];
  const fill = (side: "left" | "right", x: number): number => {
    let y = 0;
    for (const group of groups) {
      if (leftKinds.includes(group.kind) !== (side === "left") || group.nodes.length === 0) continue;
      titles.push({ text: relationNames[group.kind], x, y: y + TITLE - 10 });
      y += TITLE;
      for (const node of group.nodes) {
        nodes.push({ node, kind: group.kind, side, x, y });
        y += ROW;
      }
      y += EDGE;
    }
    return y;
  };
  const height = Math.max(fill("left", EDGE), fill("right", WIDTH - NODE - EDGE), CENTRE.height) + EDGE;
  // Near the top of a tall drawing, so that the sample is in sight where reading begins.
  const y = Math.min(height / 2, 220);
  return { width: WIDTH, height, centre: { x: WIDTH / 2, y }, nodes, titles };
}

/** The curve from the sample to a node, as path data. */
export function curveTo({ side, x, y }: PlacedNode, { centre }: Layout): string {
  const [from, to] = side === "left"
    ? [centre.x - CENTRE.width / 2, x + NODE]
    : [centre.x + CENTRE.width / 2, x];
  const middle = (from + to) / 2;
  const end = y + ROW / 2;
  return `M${from},${centre.y} C${middle},${centre.y} ${middle},${end} ${to},${end}`;
}

/** Where an arrow key leads: along a side, or across to what stands at the same height there. */
export function nextOf({ nodes }: Layout, at: number, key: string): number | null {
  const here = nodes[at]!;
  const along = (step: number) => nodes[at + step]?.side === here.side ? at + step : at;
  switch (key) {
    case "ArrowDown":
      return along(1);
    case "ArrowUp":
      return along(-1);
    case "Home":
      return nodes.findIndex(({ side }) => side === here.side);
    case "End":
      return nodes.findLastIndex(({ side }) => side === here.side);
    case "ArrowLeft":
    case "ArrowRight": {
      const wanted = key === "ArrowLeft" ? "left" : "right";
      if (wanted === here.side) return at;
      const across = nodes.entries().filter(([, { side }]) => side === wanted).toArray();
      return across.sort(([, a], [, b]) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.[0] ?? at;
    }
    default:
      return null;
  }
}
