import { type Context } from "./context.ts";
import type { StixObject } from "./object.ts";

/** That all this was seen in one analysis. */
export function observedData(context: Context, observables: readonly StixObject[]): StixObject {
  const { started, finished } = context.model;
  return context.own("observed-data", ["observed"], {
    first_observed: started,
    last_observed: finished < started ? started : finished,
    number_observed: 1,
    object_refs: observables.map(({ id }) => id),
  });
}

/** The report that names every object. Its id has the reader's view in it, so that no two contents share one. */
export function reportObject(context: Context, content: readonly StixObject[]): StixObject {
  const { model } = context;
  const { level, score, summary } = model.verdict;
  return context.own("report", ["report", model.view], {
    modified: model.modified,
    tlp: model.tlp,
    ...(model.tags.length > 0 && { labels: [...model.tags] }),
    name: `Analysis of ${model.sha256}`,
    description: `Verdict: ${level}, score ${score} of 100. ${summary}\n\n${model.statement}`,
    report_types: ["malware"],
    published: model.finished < model.submitted ? model.submitted : model.finished,
    object_refs: content.map(({ id }) => id),
  });
}
