export { MOST_REASON, reasonOf } from "@assay/core";
