import { QueryClient } from "@tanstack/react-query";
import {
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { BASE_PATH } from "./app/base_path.ts";
import { NotFound, PageFailure } from "./app/page_failure.tsx";
import { PagePending } from "./app/page_pending.tsx";
import { rootRoute } from "./app/root_route.ts";
import { parseActivitySearch } from "./pages/activities/search.ts";
import { parseLoginSearch } from "./pages/login/search.ts";
import { parseSourcesSearch } from "./pages/sources/search.ts";
import { parseHomeSearch } from "./pages/overview/search.ts";
import { statisticsRoute } from "./pages/statistics/routes.ts";
import { parseTrainingSearch } from "./pages/training/search.ts";

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: parseHomeSearch,
  component: lazyRouteComponent(
    () => import("./pages/overview/overview.tsx"),
    "Overview",
  ),
});

const activitiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/activities",
  validateSearch: parseActivitySearch,
  component: lazyRouteComponent(
    () => import("./pages/activities/activities.tsx"),
    "Activities",
  ),
});

const trashRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/activities/deleted",
  component: lazyRouteComponent(
    () => import("./pages/activity/edits/trash.tsx"),
    "Trash",
  ),
});

const activityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/activities/$id",
  component: lazyRouteComponent(
    () => import("./pages/activity/activity.tsx"),
    "Activity",
  ),
});

const trainingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/training",
  validateSearch: parseTrainingSearch,
  component: lazyRouteComponent(
    () => import("./pages/training/training.tsx"),
    "Training",
  ),
});

const gearRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/gear",
  component: lazyRouteComponent(
    () => import("./pages/gear/gear.tsx"),
    "Gear",
  ),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: parseLoginSearch,
  component: lazyRouteComponent(
    () => import("./pages/login/login.tsx"),
    "Login",
  ),
});

const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/shared/$token",
  component: lazyRouteComponent(
    () => import("./pages/shared/shared.tsx"),
    "Shared",
  ),
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/set-up",
  component: lazyRouteComponent(
    () => import("./pages/set_up/set_up.tsx"),
    "SetUp",
  ),
});

const sourcesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sources",
  validateSearch: parseSourcesSearch,
  component: lazyRouteComponent(
    () => import("./pages/sources/sources.tsx"),
    "Sources",
  ),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(
    () => import("./pages/settings/settings.tsx"),
    "Settings",
  ),
});

const routeTree = rootRoute.addChildren([
  overviewRoute,
  activitiesRoute,
  trashRoute,
  activityRoute,
  statisticsRoute,
  trainingRoute,
  gearRoute,
  loginRoute,
  setUpRoute,
  sharedRoute,
  sourcesRoute,
  settingsRoute,
]);

/** The cache of the API's answers. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The server answers 304 in less than a millisecond if nothing has changed.
      staleTime: 10_000,
      // The client of the SDK tries again itself.
      retry: false,
    },
  },
});

/** The app's pages and their addresses. */
export const router = createRouter({
  routeTree,
  basepath: BASE_PATH || "/",
  scrollRestoration: true,
  defaultPreload: "intent",
  defaultPendingMs: 200,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: NotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
