import { html, svg } from "lit";
import type { RelationNode } from "../../answers.ts";
import { defang, isLive, showText } from "../../text.ts";
import { CENTRE, curveTo, type Layout, NODE, type PlacedNode, ROW } from "./layout.ts";
import { relationNames } from "./graph.ts";

/** Pixels of a node that its mark takes, and its count. */
const MARK = 24;
const COUNT = 40;

/** What a drawing calls back for. */
export interface DrawingEvents {
  readonly onClick: (event: Event) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: Event) => void;
}

/** The sample in the middle and its relations around it; one node takes the tab key, arrows go on from there. */
export function renderDrawing(layout: Layout, self: string, current: number, on: DrawingEvents) {
  const { width, height, centre, nodes, titles } = layout;
  return html`
    <figure tabindex="-1">
      <svg
        role="group"
        aria-label="Relations of the sample; arrow keys move, Enter opens. The same is in the table."
        width=${width}
        height=${height}
        viewBox="0 0 ${width} ${height}"
        @click=${on.onClick}
        @keydown=${on.onKeyDown}
        @focusin=${on.onFocus}
      >
        ${nodes.map((placed) =>
          svg`<path class=${edgeClass(placed.node)} d=${curveTo(placed, layout)}></path>`
        )}
        ${titles.map(({ text, x, y }) => svg`<text class="title" x=${x} y=${y}>${text}</text>`)}
        <g class="self">
          <rect x=${centre.x - CENTRE.width / 2} y=${centre.y - CENTRE.height / 2} width=${CENTRE.width}
            height=${CENTRE.height} rx="8"></rect>
          <text x=${centre.x} y=${centre.y - 4} text-anchor="middle">this file</text>
          <text x=${centre.x} y=${centre.y + 15} text-anchor="middle">${self.slice(0, 12)}…</text>
        </g>
        ${nodes.map((placed, at) => renderNode(placed, at, at === current))}
      </svg>
    </figure>
  `;
}

function renderNode({ node, kind, x, y }: PlacedNode, at: number, current: boolean) {
  const label = labelOf(node);
  const count = countOf(node);
  return svg`
    <g class="node" role="button" data-at=${at} tabindex=${current ? 0 : -1}
      aria-label="${relationNames[kind]}: ${label}${count === ""
        ? ""
        : `, ${tellCount(node)}`}${node.kind === "sample" ? `, ${node.verdict ?? "no report yet"}` : ""}">
      <title>${label}</title>
      <rect x=${x} y=${y + 2} width=${NODE} height=${ROW - 4} rx="5"></rect>
      ${renderMark(node, x + 12, y + ROW / 2)}
      <svg class="label" x=${x + MARK} y=${y + 2} width=${NODE - MARK -
        (count === "" ? 8 : COUNT)} height=${ROW - 4}>
        <text y="15">${label}</text>
      </svg>
      <text class="count" x=${x + NODE - 8} y=${y + 17} text-anchor="end">${count}</text>
    </g>
  `;
}

/** A square for a file in its verdict's colour, a diamond for a submission, a dot for an indicator. */
function renderMark(node: RelationNode, x: number, y: number) {
  if (node.kind === "sample") {
    return svg`<rect class="mark ${node.verdict ?? ""}" x=${x - 5} y=${
      y - 5
    } width="10" height="10" rx="2"></rect>`;
  }
  return node.kind === "submission"
    ? svg`
      <polygon class="mark"
        points="${x},${y - 6} ${x + 6},${y} ${x},${y + 6} ${x - 6},${y}"></polygon>
    `
    : svg`<circle class="mark" cx=${x} cy=${y} r="5"></circle>`;
}

/** A node's name, harmless. */
export function labelOf(node: RelationNode): string {
  return showText(isLive(node.kind) ? defang(node.label) : node.label);
}

/** In how many other samples it is, in words; empty for samples. */
export function tellCount(node: RelationNode): string {
  if (node.kind === "sample") return "";
  if (node.samples === null) return "not counted";
  const samples = `${node.samples} other ${node.samples === 1 ? "sample" : "samples"}`;
  return node.kind !== "submission" && node.common ? `${samples}, common` : samples;
}

function countOf(node: RelationNode): string {
  return node.kind === "sample" || node.samples === null ? "" : String(node.samples);
}

function edgeClass(node: RelationNode): string {
  if (node.kind === "sample" || node.kind === "submission") return "";
  return node.common ? "common" : (node.samples ?? 0) > 0 ? "shared" : "";
}
