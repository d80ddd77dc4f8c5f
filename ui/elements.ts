import { define } from "./define.ts";
import { AssayAddToList } from "./elements/add-to-list/add-to-list.ts";
import { AssayBell } from "./elements/bell/bell.ts";
import { AssayBulk } from "./elements/bulk/bulk.ts";
import { AssayCompare } from "./elements/compare/compare.ts";
import { AssayConfirm } from "./elements/confirm/confirm.ts";
import { AssayExport } from "./elements/export/export.ts";
import { AssayFacets } from "./elements/facets/facets.ts";
import { AssayHash } from "./elements/hash/hash.ts";
import { AssayHistogram } from "./elements/histogram/histogram.ts";
import { AssayHistory } from "./elements/history/history.ts";
import { AssayHunt } from "./elements/hunt/hunt.ts";
import { AssayLists } from "./elements/lists/lists.ts";
import { AssayNotes } from "./elements/notes/notes.ts";
import { AssayNotifications } from "./elements/notifications/notifications.ts";
import { AssayObservable } from "./elements/observable/observable.ts";
import { AssayObservables } from "./elements/observables/observables.ts";
import { AssayPivot } from "./elements/pivot/pivot.ts";
import { AssayPivotMenu } from "./elements/pivot-menu/pivot-menu.ts";
import { AssayQuery } from "./elements/query/query.ts";
import { AssayQueryHelp } from "./elements/query-help/query-help.ts";
import { AssayRelations } from "./elements/relations/relations.ts";
import { AssayReport } from "./elements/report/report.ts";
import { AssayResults } from "./elements/results/results.ts";
import { AssaySaveSearch } from "./elements/save-search/save-search.ts";
import { AssayScope } from "./elements/scope/scope.ts";
import { AssaySearch } from "./elements/search/search.ts";
import { AssaySearches } from "./elements/searches/searches.ts";
import { AssaySignIn } from "./elements/sign-in/sign-in.ts";
import { AssaySignificant } from "./elements/significant/significant.ts";
import { AssaySimilar } from "./elements/similar/similar.ts";
import { AssayTags } from "./elements/tags/tags.ts";
import { AssayTaskList } from "./elements/task-list/task-list.ts";
import { AssayTree } from "./elements/tree/tree.ts";
import { AssayUpload } from "./elements/upload/upload.ts";
import { AssayVerdict } from "./elements/verdict/verdict.ts";

export {
  AssayAddToList,
  AssayBell,
  AssayBulk,
  AssayCompare,
  AssayConfirm,
  AssayExport,
  AssayFacets,
  AssayHash,
  AssayHistogram,
  AssayHistory,
  AssayHunt,
  AssayLists,
  AssayNotes,
  AssayNotifications,
  AssayObservable,
  AssayObservables,
  AssayPivot,
  AssayPivotMenu,
  AssayQuery,
  AssayQueryHelp,
  AssayRelations,
  AssayReport,
  AssayResults,
  AssaySaveSearch,
  AssayScope,
  AssaySearch,
  AssaySearches,
  AssaySignificant,
  AssaySignIn,
  AssaySimilar,
  AssayTags,
  AssayTaskList,
  AssayTree,
  AssayUpload,
  AssayVerdict,
};

/** Registers every element under its own name. */
export function defineElements(): void {
  define("assay-scope", AssayScope);
  define("assay-verdict", AssayVerdict);
  define("assay-hash", AssayHash);
  define("assay-sign-in", AssaySignIn);
  define("assay-upload", AssayUpload);
  define("assay-task-list", AssayTaskList);
  define("assay-report", AssayReport);
  define("assay-pivot", AssayPivot);
  define("assay-pivot-menu", AssayPivotMenu);
  define("assay-query", AssayQuery);
  define("assay-query-help", AssayQueryHelp);
  define("assay-facets", AssayFacets);
  define("assay-histogram", AssayHistogram);
  define("assay-significant", AssaySignificant);
  define("assay-results", AssayResults);
  define("assay-search", AssaySearch);
  define("assay-bell", AssayBell);
  define("assay-bulk", AssayBulk);
  define("assay-confirm", AssayConfirm);
  define("assay-hunt", AssayHunt);
  define("assay-lists", AssayLists);
  define("assay-notifications", AssayNotifications);
  define("assay-save-search", AssaySaveSearch);
  define("assay-searches", AssaySearches);
  define("assay-add-to-list", AssayAddToList);
  define("assay-compare", AssayCompare);
  define("assay-export", AssayExport);
  define("assay-history", AssayHistory);
  define("assay-notes", AssayNotes);
  define("assay-observable", AssayObservable);
  define("assay-observables", AssayObservables);
  define("assay-relations", AssayRelations);
  define("assay-similar", AssaySimilar);
  define("assay-tags", AssayTags);
  define("assay-tree", AssayTree);
}
