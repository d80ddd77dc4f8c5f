import { define } from "./define.ts";
import { AssayBell } from "./elements/bell/bell.ts";
import { AssayBulk } from "./elements/bulk/bulk.ts";
import { AssayConfirm } from "./elements/confirm/confirm.ts";
import { AssayFacets } from "./elements/facets/facets.ts";
import { AssayHash } from "./elements/hash/hash.ts";
import { AssayHistogram } from "./elements/histogram/histogram.ts";
import { AssayHunt } from "./elements/hunt/hunt.ts";
import { AssayLists } from "./elements/lists/lists.ts";
import { AssayNotifications } from "./elements/notifications/notifications.ts";
import { AssayPivotMenu } from "./elements/pivot-menu/pivot-menu.ts";
import { AssayPivot } from "./elements/pivot/pivot.ts";
import { AssayQueryHelp } from "./elements/query-help/query-help.ts";
import { AssayQuery } from "./elements/query/query.ts";
import { AssayReport } from "./elements/report/report.ts";
import { AssayResults } from "./elements/results/results.ts";
import { AssaySaveSearch } from "./elements/save-search/save-search.ts";
import { AssayScope } from "./elements/scope/scope.ts";
import { AssaySearch } from "./elements/search/search.ts";
import { AssaySearches } from "./elements/searches/searches.ts";
import { AssaySignIn } from "./elements/sign-in/sign-in.ts";
import { AssaySignificant } from "./elements/significant/significant.ts";
import { AssayTaskList } from "./elements/task-list/task-list.ts";
import { AssayUpload } from "./elements/upload/upload.ts";
import { AssayVerdict } from "./elements/verdict/verdict.ts";

export {
  AssayBell,
  AssayBulk,
  AssayConfirm,
  AssayFacets,
  AssayHash,
  AssayHistogram,
  AssayHunt,
  AssayLists,
  AssayNotifications,
  AssayPivot,
  AssayPivotMenu,
  AssayQuery,
  AssayQueryHelp,
  AssayReport,
  AssayResults,
  AssaySaveSearch,
  AssayScope,
  AssaySearch,
  AssaySearches,
  AssaySignificant,
  AssaySignIn,
  AssayTaskList,
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
}
