import type { ReportModel } from "../model/model.ts";
import { analysisOf, ranEngines, verdictAnalysis } from "./analysis.ts";
import { attackPattern } from "./attack.ts";
import { createContext, type StixSettings } from "./context.ts";
import { describeFiles, once } from "./file.ts";
import { ownId } from "./id.ts";
import { digestIndicator, networkIndicator, ruleIndicators } from "./indicator.ts";
import { isMalware, malwareFamilies, malwareInstance } from "./malware.ts";
import { markings } from "./marking.ts";
import { analystNotes, failureNote, leftoverNote, limitsNote } from "./note.ts";
import type { StixBundle, StixObject } from "./object.ts";
import { observablesOf } from "./observable.ts";
import { observedData, reportObject } from "./report.ts";
import { createHash } from "node:crypto";

/** A bundle of everything in the model that STIX can say; {@link checkBundle} says whether it is good. */
export function buildBundle(model: ReportModel, settings: StixSettings): StixBundle {
  const context = createContext(model, settings);
  const { relate } = context;
  const files = describeFiles(context);
  const { sample } = files;

  const described = model.indicators.map((indicator) => ({
    indicator,
    objects: observablesOf(context, indicator),
  }));
  const leftovers = described.filter(({ objects }) => objects.length === 0).map(({ indicator }) => indicator);
  const observables = once([
    sample,
    ...files.inside,
    ...files.dropped,
    ...(files.parent === null ? [] : [files.parent]),
    ...described.flatMap(({ objects }) => objects),
  ]);
  const observed = observedData(context, observables);

  const analyses = ranEngines(context).map((engine) => {
    const seen = engine.indicators.flatMap((place) => described[place]!.objects.at(-1) ?? []);
    const made = engine.category === "sandbox"
      ? files.dropped
      : engine.category === "extraction"
      ? files.inside
      : [];
    return { engine, analysis: analysisOf(context, sample, engine, once([...seen, ...made])) };
  });
  const failures = analyses.filter(({ engine }) => engine.reason !== null)
    .map(({ engine, analysis }) => failureNote(context, engine, analysis));

  const malware = isMalware(model) ? malwareInstance(context, sample) : null;
  const families = malware === null ? [] : malwareFamilies(context);
  const patterns = model.techniques.map(({ id, reasons }) => ({
    pattern: attackPattern(context, id),
    reasons,
  }));
  const subject = malware?.id ?? sample.id;

  const digests = malware === null ? null : digestIndicator(context);
  const network = malware === null
    ? []
    : described.flatMap(({ indicator, objects }) =>
      objects.length === 0 ? [] : networkIndicator(context, indicator) ?? []
    );
  const rules = malware === null ? [] : ruleIndicators(context);
  const indicators = [...(digests === null ? [] : [digests]), ...network];
  const familyIds = new Map(families.map(({ id, name }) => [name as string, id]));

  const relationships = [
    ...patterns.map(({ pattern, reasons }) =>
      relate(subject, malware === null ? "related-to" : "uses", pattern.id, reasons.join("\n"))
    ),
    ...(malware === null ? [] : [
      ...families.map(({ id }) => relate(malware.id, "variant-of", id)),
      ...files.dropped.map(({ id }) => relate(malware.id, "drops", id)),
      ...described.filter(({ indicator }) => indicator.seen === "used" && NETWORK.has(indicator.type))
        .flatMap(({ objects }) => objects.map(({ id }) => relate(malware.id, "communicates-with", id))),
      ...analyses.map(({ engine, analysis }) =>
        relate(
          analysis.id,
          engine.category === "sandbox" ? "dynamic-analysis-of" : "static-analysis-of",
          malware.id,
        )
      ),
      ...indicators.flatMap((
        { id },
      ) => [relate(id, "indicates", malware.id), relate(id, "based-on", observed.id)]),
      ...rules.flatMap(({ indicator, families: named }) =>
        [malware.id, ...named.flatMap((name) => familyIds.get(name) ?? [])]
          .map((id) => relate(indicator.id, "indicates", id))
      ),
    ]),
  ];

  const notes = [
    ...analystNotes(context, [subject]),
    ...failures,
    leftoverNote(context, leftovers, sample),
    limitsNote(context, sample),
  ].filter((note) => note !== null);

  const content = once([
    context.identity,
    ...observables,
    observed,
    ...analyses.map(({ analysis }) => analysis),
    verdictAnalysis(context, sample),
    ...(malware === null ? [] : [malware]),
    ...families,
    ...patterns.map(({ pattern }) => pattern),
    ...indicators,
    ...rules.map(({ indicator }) => indicator),
    ...relationships,
    ...notes,
  ]);
  return bundle([...content, reportObject(context, content)]);
}

const NETWORK = new Set(["url", "domain", "ipv4-addr", "ipv6-addr"]);

/** Puts the marking definitions that objects name in front. */
function bundle(content: readonly StixObject[]): StixBundle {
  const named = new Set(content.flatMap(({ object_marking_refs }) => object_marking_refs as string[]));
  const objects = [
    ...[...markings].filter(([id]) => named.has(id)).map(([, marking]) => marking),
    ...content,
  ];
  const digest = createHash("sha256").update(JSON.stringify(objects)).digest("hex");
  return { type: "bundle", id: ownId("bundle", digest), objects };
}
