/** The paths of the app's pages. The server answers each one with the app. `{id}` is any id. */
export const PAGE_PATHS = [
  "/",
  "/activities",
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
  "/login",
] as const;
