/**
 * The paths of the app's pages. The server answers each one with the app. `{id}` is any id, and
 * `:token` any word.
 */
export const PAGE_PATHS = [
  "/",
  "/activities",
  "/activities/deleted",
  "/activities/{id}",
  "/statistics",
  "/statistics/months",
  "/statistics/progress",
  "/statistics/calendar",
  "/statistics/review",
  "/statistics/records",
  "/statistics/distribution",
  "/statistics/compare",
  "/statistics/eddington",
  "/statistics/streaks",
  "/statistics/milestones",
  "/training",
  "/gear",
  "/login",
  "/set-up",
  "/shared/:token",
  "/settings",
  "/sources",
] as const;
