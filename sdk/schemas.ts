/**
 * The zod schemas of everything that goes over the wire; the server checks its answers by them.
 *
 * @module
 */
export { Activity, HeartRate, RecentActivity } from "./schemas/activity.ts";
export { ActivitiesInput, ActivityPage } from "./schemas/activity_page.ts";
export {
  AthleteStatus,
  Disconnect,
  DisconnectInput,
  DroppedEvents,
  PendingDeletions,
  Quarantine,
  QuarantinedActivity,
  RateBudget,
  RateLimit,
  RateResets,
  RateWindows,
  ReconnectNeeded,
  Refresh,
  RefreshInput,
  Restore,
  RestoreInput,
  Status,
  Webhooks,
} from "./schemas/admin.ts";
export {
  BySportInput,
  InYearInput,
  MonthlyStatistic,
  RecentActivitiesStatistic,
  Total,
  TotalsStatistic,
  YearlyStatistic,
  YtdStatistic,
} from "./schemas/statistic.ts";
export { SyncError, SyncRun } from "./schemas/sync_run.ts";
export {
  SyncProgressInput,
  SyncRuns,
  SyncRunsInput,
  SyncStatus,
} from "./schemas/sync_status.ts";
