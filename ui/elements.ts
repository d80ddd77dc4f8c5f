import { define } from "./define.ts";
import { AssayHash } from "./elements/hash/hash.ts";
import { AssayPivot } from "./elements/pivot/pivot.ts";
import { AssayReport } from "./elements/report/report.ts";
import { AssayScope } from "./elements/scope/scope.ts";
import { AssaySignIn } from "./elements/sign-in/sign-in.ts";
import { AssayTaskList } from "./elements/task-list/task-list.ts";
import { AssayUpload } from "./elements/upload/upload.ts";
import { AssayVerdict } from "./elements/verdict/verdict.ts";

export {
  AssayHash,
  AssayPivot,
  AssayReport,
  AssayScope,
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
  define("assay-pivot", AssayPivot);
  define("assay-sign-in", AssaySignIn);
  define("assay-upload", AssayUpload);
  define("assay-task-list", AssayTaskList);
  define("assay-report", AssayReport);
}
