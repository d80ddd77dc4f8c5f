/** Adapters to PostgreSQL, NATS, Elasticsearch and the sample store, and what starts them. */
export { Config, type ConfigInput } from "./config/config.ts";
export type { PartnerConfig } from "./config/partner.ts";
export type { RetentionRule } from "./config/retention.ts";
export { readConfigFile, samplesPath } from "./config/load.ts";
export { FieldError } from "./elasticsearch/aggregations/field.ts";
export { IntervalError } from "./elasticsearch/aggregations/interval.ts";
export * from "./elasticsearch/aggregations/numbers.ts";
export * from "./elasticsearch/connect.ts";
export { MAX_CURSOR_LENGTH } from "./elasticsearch/cursor.ts";
export { ColumnError, type ColumnValue, usualColumns } from "./elasticsearch/columns.ts";
export { CursorExpiredError } from "./elasticsearch/point.ts";
export { releaseIndices } from "./elasticsearch/reindex/release.ts";
export * from "./cursor.ts";
export * from "./elasticsearch/pivots/pivots.ts";
export { COMMON, type CommonValue, type SharedValue } from "./elasticsearch/pivots/shared.ts";
export type { SampleCard } from "./elasticsearch/pivots/hits.ts";
export { MAX_CANDIDATES } from "./elasticsearch/pivots/scan.ts";
export * from "./elasticsearch/repositories.ts";
export { SortError, sortFields } from "./elasticsearch/sort.ts";
export { SearchTimeoutError, SearchUnavailableError } from "./elasticsearch/unavailable.ts";
export { type Asker, askerOf } from "./jobs/asker.ts";
export * from "./jobs/kind.ts";
export { runJobs, type RunnerDependencies } from "./jobs/runner.ts";
export * from "./jobs/walk.ts";
export { configureLog } from "./log/configure.ts";
export * from "./nats/jetstream_queue.ts";
export * from "./nats/queue.ts";
export * from "./page.ts";
export * from "./postgres/annotator.ts";
export * from "./postgres/audit.ts";
export { isPostgresAway } from "./postgres/away.ts";
export * from "./postgres/collections.ts";
export * from "./postgres/connect.ts";
export { PROJECT } from "./postgres/enqueue.ts";
export { exclusively, OccupiedError } from "./postgres/exclusive.ts";
export * from "./postgres/hunts.ts";
export * from "./postgres/imports/imports.ts";
export * from "./postgres/jobs.ts";
export * from "./postgres/keys.ts";
export * from "./postgres/known_hashes.ts";
export { createSampleLists, type SampleLists, type ShelfLabel, type ShelfRefusal } from "./postgres/lists.ts";
export * from "./postgres/legal_holds.ts";
export * from "./postgres/migrate.ts";
export * from "./postgres/modules.ts";
export * from "./postgres/notes.ts";
export * from "./postgres/notifications.ts";
export * from "./postgres/outbox.ts";
export * from "./postgres/partners.ts";
export { createParents, JUDGE, type Parents, type ParentTask } from "./postgres/parents.ts";
export * from "./postgres/publications.ts";
export {
  createPublishing,
  type DueSample,
  type HeldReport,
  type PublishableReport,
  type PublishedCollection,
  type PublishedSearch,
  type Publishing,
} from "./postgres/publishing.ts";
export type { HeldObject, NewVersion, PublishingTransaction } from "./postgres/publishing_transaction.ts";
export { createRemovals, type Removal, type Removals, REMOVE } from "./postgres/removal.ts";
export * from "./postgres/repositories.ts";
export * from "./postgres/retention.ts";
export { createRescans, type RescanRequest, type Rescans } from "./postgres/rescans.ts";
export * from "./postgres/relatives.ts";
export { createSampleTags, MAX_TAG_COUNT, type SampleTags, type TagCount } from "./postgres/sample_tags.ts";
export * from "./postgres/samples.ts";
export * from "./postgres/saved_searches.ts";
export { createSubmissions } from "./postgres/submissions.ts";
export * from "./postgres/tasks.ts";
export { pause } from "./retry/pause.ts";
export { persist } from "./retry/persist.ts";
export * from "./reports/client.ts";
export * from "./reports/contract.ts";
export * from "./rules/sources.ts";
export * from "./reports/imports.ts";
export * from "./samples/exports.ts";
export * from "./samples/folder.ts";
export * from "./samples/store.ts";
export type { ProcessState } from "./supervisor/process.ts";
export { shutdownSignal } from "./supervisor/shutdown.ts";
export { readStatus, type SupervisorStatus } from "./supervisor/status.ts";
export * from "./tasks/remove.ts";
export { openUsageMeter, type ProcessUsage, type UsageMeter } from "./supervisor/usage.ts";
