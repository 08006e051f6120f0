/**
 * The zod schemas of all requests and responses. The server validates its responses with them.
 *
 * @module
 */
export {
  ChangePasswordInput,
  ConfirmedPassword,
  ConfirmPasswordInput,
  Instance,
  Login,
  LoginInput,
  LoginRefreshInput,
  Logout,
  LogoutInput,
  Me,
  RevokedSessions,
  RevokeSessionInput,
  Session,
  Sessions,
  SetUpInput,
  SignUpInput,
  User,
} from "./schemas/account.ts";
export { Activity, HeartRate, RecentActivity } from "./schemas/activity.ts";
export {
  ActivityDetail,
  ActivityInput,
  ActivityMap,
  LineString,
  MultiLineString,
} from "./schemas/activity_detail.ts";
export {
  CreateActivityInput,
  CreatedActivity,
  DeleteActivitiesInput,
  DeletedActivities,
  DeletedActivity,
  MergeActivitiesInput,
  MergedActivity,
  RestoreActivitiesInput,
  RestoredActivities,
  SplitActivity,
  SplitActivityInput,
  Trash,
  TrashInput,
  UpdateActivitiesInput,
  UpdatedActivities,
} from "./schemas/activity_edit.ts";
export {
  ATHLETE_VALUE_LIMITS,
  AthleteValue,
  AthleteValueKind,
  AthleteValues,
  AthleteValuesInput,
  DeleteAthleteValueInput,
  DeletedAthleteValue,
  MAX_OWN_VALUES,
  SetAthleteValueInput,
  ValidAthleteValues,
  ValidAthleteValuesInput,
} from "./schemas/athlete_values.ts";
export {
  CreateGearInput,
  Gear,
  GearList,
  UpdateGearInput,
} from "./schemas/gear.ts";
export { ActivityExportInput } from "./schemas/activity_export.ts";
export {
  ActivitySource,
  ActivitySources,
  EditedField,
  FigureSource,
  OriginalInput,
  SourceId,
  TotalField,
} from "./schemas/activity_source.ts";
export { ActivityLaps, Lap, Length } from "./schemas/activity_laps.ts";
export { ActivitiesInput, ActivityPage } from "./schemas/activity_page.ts";
export {
  ActivityStreams,
  ActivityStreamsInput,
  MAX_RESOLUTION,
  MIN_RESOLUTION,
  STREAM_KEYS,
  StreamSet,
} from "./schemas/activity_streams.ts";
export { AthleteInput } from "./schemas/athlete.ts";
export {
  Athlete,
  AthleteOwner,
  Athletes,
  OwnAthleteInput,
  SetVisibilityInput,
} from "./schemas/athletes.ts";
export {
  AthleteStatus,
  Disconnect,
  DisconnectInput,
  PendingDeletions,
  Quarantine,
  QuarantinedActivity,
  ReconnectNeeded,
  Refresh,
  RefreshInput,
  Restore,
  RestoreInput,
  Status,
} from "./schemas/admin.ts";
export {
  RateBudget,
  RateLimit,
  RateResets,
  RateWindows,
} from "./schemas/rate_limit.ts";
export { DroppedEvents, Webhooks } from "./schemas/webhooks.ts";
export {
  AccountDeleted,
  DeleteAccountInput,
  DeletedAthlete,
} from "./schemas/account_deletion.ts";
export {
  ApiKey,
  ApiKeys,
  CreateKeyInput,
  NewApiKey,
  RenameKeyInput,
  RevokeKeyInput,
  Scope,
} from "./schemas/api_key.ts";
export {
  AuditEvent,
  AuditInput,
  AuditKind,
  AuditPage,
  OwnEventsInput,
} from "./schemas/audit_event.ts";
export {
  Import,
  ImportDetail,
  ImportInput,
  ImportProgressInput,
  Imports,
  ImportsInput,
  ImportUploadInput,
  RefusedFile,
} from "./schemas/imports.ts";
export { GearInput, GearStatistic, GearTotal } from "./schemas/stats/gear.ts";
export {
  CalendarDay,
  CalendarInput,
  CalendarStatistic,
} from "./schemas/stats/calendar.ts";
export {
  CumulativeInput,
  CumulativeStatistic,
} from "./schemas/stats/cumulative.ts";
export {
  DistanceBand,
  DistributionInput,
  DistributionStatistic,
  HourTotal,
  SportShare,
  WeekdayTotal,
} from "./schemas/stats/distribution.ts";
export {
  Eddington,
  EddingtonInput,
  EddingtonNow,
  EddingtonStatistic,
  EddingtonStep,
  EddingtonYear,
  NextEddington,
  NextEddingtonDay,
  SportEddington,
} from "./schemas/stats/eddington.ts";
export {
  Milestone,
  Milestones,
  MilestonesInput,
  MilestonesStatistic,
  NextMilestone,
} from "./schemas/stats/milestones.ts";
export {
  ActivityRecord,
  NamedActivity,
  PeriodRecord,
  RecordsInput,
  RecordsStatistic,
  SpeedRecord,
  SportRecords,
} from "./schemas/stats/records.ts";
export {
  BySportInput,
  ExclusionsInput,
  InYearInput,
  MonthlyInput,
  MonthlyStatistic,
  RecentActivitiesStatistic,
  Total,
  TotalsStatistic,
  YearlyStatistic,
  YtdStatistic,
} from "./schemas/stats/statistic.ts";
export {
  Streak,
  Streaks,
  StreaksInput,
  StreaksStatistic,
} from "./schemas/stats/streaks.ts";
export {
  Change,
  CompareInput,
  CompareStatistic,
  PeriodTotal,
} from "./schemas/stats/compare.ts";
export {
  MonthTotal,
  OverviewInput,
  OverviewStatistic,
} from "./schemas/stats/overview.ts";
export { GoalInput, GoalStatistic } from "./schemas/stats/goal.ts";
export {
  TrainingDay,
  TrainingLoadInput,
  TrainingLoadStatistic,
} from "./schemas/stats/training_load.ts";
export {
  CreatePrivacyZoneInput,
  DeletePrivacyZoneInput,
  MAX_HIDDEN_END,
  MAX_PRIVACY_ZONES,
  Privacy,
  PrivacyInput,
  PrivacyZone,
  UpdatePrivacyInput,
  UpdatePrivacyZoneInput,
} from "./schemas/privacy.ts";
export { SyncError, SyncRun } from "./schemas/sync_run.ts";
export {
  SyncProgressInput,
  SyncRuns,
  SyncRunsInput,
  SyncStatus,
} from "./schemas/sync_status.ts";
