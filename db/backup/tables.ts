/** The tables of a backup, each after the tables that its foreign keys refer to. */
export const BACKUP_TABLES: readonly string[] = [
  "users",
  "passwords",
  "sessions",
  "refresh_tokens",
  "api_keys",
  "login_attempts",
  "audit_events",
  "athletes",
  "grants",
  "activities",
  "imported_files",
  "recordings",
  "imports",
  "import_entries",
  "activity_edits",
  "recording_streams",
  "strava_streams",
  "stream_fetches",
  "gear",
  "athlete_values",
  "privacy_zones",
  "sync_runs",
  "sync_state",
  "full_sync_pages",
  "pending_deletions",
  "quarantined_activities",
  "rate_limit",
  "webhook_events",
  "webhook_counts",
  "webhook_subscriptions",
  "used_oauth_states",
];

/** Tables that are not in a backup, with the reason. */
export const NOT_IN_BACKUP: Readonly<Record<string, string>> = {
  activity_kinds: "a restore packs them again from the activities",
  activity_months: "a restore packs them again from the activities",
  migrations: "named in the header; a restore applies them",
};

/** Tables that a server fills before there is any user or athlete. A restore replaces their rows. */
export const REPLACED_TABLES: readonly string[] = [
  "login_attempts",
  "rate_limit",
  "used_oauth_states",
  "webhook_counts",
  "webhook_subscriptions",
];
