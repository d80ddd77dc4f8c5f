import type { RelationEdge, RelationNode, RelationsAnswer } from "../../answers.ts";
import assert from "node:assert/strict";
import { groupsOf, sharedOnly } from "./graph.ts";
import { layoutOf, nextOf } from "./layout.ts";

const self = "a".repeat(64);
const sample = (letter: string): RelationNode => ({
  id: `sample:${letter.repeat(64)}`,
  kind: "sample",
  label: `${letter}.exe`,
  sha256: letter.repeat(64),
  fileType: "pe",
  verdict: "unknown",
  score: 0,
  reportId: null,
});
const domain = (value: string, samples: number): RelationNode => ({
  id: `domain:${value}`,
  kind: "domain",
  label: value,
  field: "domain",
  value,
  common: false,
  samples,
});
const edge = (from: RelationNode, to: RelationNode, kind: RelationEdge["kind"]): RelationEdge => ({
  from: from.id,
  to: to.id,
  kind,
});

function answer(): RelationsAnswer {
  const [me, parent, child, sibling] = [sample("a"), sample("b"), sample("c"), sample("d")];
  const [shared, own] = [domain("evil.example", 3), domain("own.example", 0)];
  const kind = (kind: string, shown: number, total: number | null = null) => ({
    kind,
    shown,
    total,
    cursor: null,
  });
  return {
    nodes: [me, parent, child, sibling, shared, own],
    edges: [
      edge(parent, me, "contains"),
      edge(me, child, "contains"),
      edge(me, sibling, "came-with"),
      edge(me, sibling, "came-with"),
      edge(me, shared, "has"),
      edge(me, own, "has"),
    ],
    kinds: [kind("child", 1), kind("parent", 1), kind("sibling", 2), kind("domain", 2, 2)],
    limits: [],
  };
}

Deno.test("groupsOf() sorts nodes by what they are to the sample, each once", () => {
  const groups = groupsOf(answer(), self);
  assert.deepEqual(groups.map(({ kind, nodes }) => [kind, nodes.map(({ label }) => label)]), [
    ["parent", ["b.exe"]],
    ["sibling", ["d.exe"]],
    ["child", ["c.exe"]],
    ["domain", ["evil.example", "own.example"]],
  ]);
});

Deno.test("sharedOnly() leaves out indicators that nobody else has, and no file", () => {
  const left = sharedOnly(groupsOf(answer(), self)).flatMap(({ nodes }) => nodes.map(({ label }) => label));
  assert.deepEqual(left, ["b.exe", "d.exe", "c.exe", "evil.example"]);
});

Deno.test("layoutOf() puts where it came from on the left and what it holds on the right, none over another", () => {
  const { nodes, height } = layoutOf(groupsOf(answer(), self));
  assert.deepEqual(nodes.map(({ side }) => side), ["left", "left", "right", "right", "right"]);
  assert.equal(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size, nodes.length);
  assert.ok(nodes.every(({ y }) => y >= 0 && y < height));
});

Deno.test("nextOf() goes along a side, stays at its ends, and crosses to what is nearest", () => {
  const layout = layoutOf(groupsOf(answer(), self));
  assert.equal(nextOf(layout, 0, "ArrowDown"), 1);
  assert.equal(nextOf(layout, 1, "ArrowDown"), 1);
  assert.equal(nextOf(layout, 0, "ArrowUp"), 0);
  assert.equal(nextOf(layout, 0, "ArrowRight"), 2);
  assert.equal(nextOf(layout, 4, "Home"), 2);
  assert.equal(nextOf(layout, 2, "End"), 4);
  assert.equal(nextOf(layout, 0, "a"), null);
});
