import type { NoteId, SampleTag } from "@assay/core";
import assert from "node:assert/strict";
import { elf, pe, ran } from "../fixtures/programs.ts";
import { crowded } from "../fixtures/hostile.ts";
import { idOf } from "../fixtures/parts.ts";
import { models, note, organisation, reader, rule } from "../fixtures/reports.ts";
import { makeModel } from "./build.ts";
import { isShown } from "./shown.ts";

Deno.test("makeModel() gives the same model for modules, children and notes in any order", () => {
  const report = pe();
  const turned = {
    ...report,
    modules: report.modules.toReversed().map((run) =>
      run.status === "ok" ? { ...run, observations: run.observations.toReversed() } : run
    ),
    tags: [...report.tags].reverse(),
  };
  const notes = [note, { ...note, id: idOf<NoteId>("another note"), tlp: "green" as const }];
  const of = (given: typeof report, all: typeof notes) => {
    const { report: _, tables, ...model } = makeModel({
      report: given,
      organisation,
      visibility: reader,
      notes: all,
    });
    return JSON.stringify({ ...model, tables: tables.map(({ title }) => title) });
  };
  assert.equal(of(report, notes), of(turned, notes.toReversed()));
});

Deno.test("makeModel() marks the whole with the most restricted level of what is inside", () => {
  const model = makeModel({ report: elf(), organisation, visibility: reader, notes: [note] });
  assert.equal(model.statement, "Contains what its recipient may see at TLP:RED");
  assert.equal(model.findingsTlp, "clear");
  assert.equal(
    makeModel({ report: elf(), organisation, visibility: reader }).statement.slice(-9),
    "TLP:CLEAR",
  );
});

Deno.test("makeModel() names the same view for all who see the same, and another for him who sees his own", () => {
  const view = (reader: string | null, notes: (typeof note)[]) =>
    makeModel({
      report: elf(),
      organisation,
      visibility: { reader: reader === null ? null : idOf(reader), maxTlp: "green" },
      notes,
    }).view;
  assert.equal(view("alice", []), view("bob", []));
  assert.equal(view("alice", []), view(null, []));
  assert.notEqual(view("alice", [note]), view("alice", []));
  assert.notEqual(view("alice", [note]), view("bob", [note]));
});

Deno.test("makeModel() tells what was used from what is only mentioned, once each", () => {
  const model = makeModel({ report: ran(), organisation, visibility: reader });
  assert.deepEqual(
    model.indicators.filter(({ type }) => type === "url" || type === "registry"),
    [
      { type: "url", value: "https://c2.evil.example/tasks", sources: ["sandbox"], seen: "used" },
      {
        type: "registry",
        value: "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\evil",
        sources: ["sandbox"],
        seen: "used",
      },
    ],
  );
  assert.equal(model.children[0]?.dropped, true);
  const { engines, indicators } = makeModel({ report: pe(), organisation, visibility: reader });
  const strings = engines.find(({ name }) => name === "strings")!;
  assert.deepEqual(strings.indicators.map((place) => indicators[place]), [...indicators]);
});

Deno.test("makeModel() says what its caps left out", () => {
  const model = makeModel({ report: crowded(5200, 2100), organisation, visibility: reader });
  assert.equal(model.indicators.length, 5000);
  assert.equal(model.children.length, 2000);
  assert.deepEqual(model.limits, ["indicators: 5,000 of 5,200 kept", "files inside: 2,000 of 2,100 kept"]);
});

Deno.test("makeModel() takes only the rules that matched, and moves with a later note", () => {
  const other = { name: "other", text: "rule other { condition: true }" };
  const model = makeModel({
    report: pe(),
    organisation,
    visibility: reader,
    notes: [note],
    rules: [other, rule],
  });
  assert.deepEqual(model.rules, [rule]);
  assert.equal(model.modified, note.edited);
  assert.deepEqual(model.families, ["Emotet"]);
});

Deno.test("makeModel() lets nothing unseen through, whatever the sample says", () => {
  for (const [name, { report: _, ...model }] of models()) {
    JSON.stringify(model, (key, value) => {
      if (typeof value === "string") assert(isShown(value), `${name}: ${key}: ${JSON.stringify(value)}`);
      return value;
    });
  }
});

Deno.test("makeModel() has analysts' tags in order beside the others, at their level and in their time", () => {
  const tag = (name: string, tlp: SampleTag["tlp"], added: string): SampleTag => ({
    tag: name,
    tlp,
    owner: idOf("alice"),
    author: "alice\u202e",
    added,
  });
  const tags = [
    tag("zeus", "amber+strict", "2026-11-22T00:00:00.5Z"),
    tag("apt-99", "green", "2026-11-21T00:00:00Z"),
    tag("campaign-7", "green", "2026-11-21T00:00:00Z"),
  ];
  const model = makeModel({ report: elf(), organisation, visibility: reader, tags });
  assert.deepEqual(model.tags.filter((name) => /^(apt-99|campaign-7|zeus)$/.test(name)), [
    "apt-99",
    "campaign-7",
    "zeus",
  ]);
  assert.deepEqual(model.analystTags.map((one) => [one.tag, one.author]), [
    ["apt-99", "alice[U+202E]"],
    ["campaign-7", "alice[U+202E]"],
    ["zeus", "alice[U+202E]"],
  ]);
  assert.deepEqual([model.tlp, model.findingsTlp], ["amber+strict", "clear"]);
  assert.equal(model.modified, "2026-11-22T00:00:00.500Z");
  const turned = { report: elf(), organisation, visibility: reader, tags: tags.toReversed() };
  assert.deepEqual(model, makeModel(turned));
  const gone = makeModel({ ...turned, tags: [], changed: "2026-11-23T00:00:00Z" });
  assert.equal(gone.modified, "2026-11-23T00:00:00.000Z");
});
