/** The paths of the app's pages. The server answers each one with the app. `{id}` is any id. */
export const PAGE_PATHS = [
  "/",
  "/activities",
  "/statistics",
  "/statistics/months",
  "/statistics/progress",
  "/statistics/calendar",
  "/login",
] as const;
