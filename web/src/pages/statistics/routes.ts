import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../app/root_route.ts";
import { parseStatisticsSearch } from "./search.ts";

const parent = createRoute({
  getParentRoute: () => rootRoute,
  path: "/statistics",
  validateSearch: parseStatisticsSearch,
  component: lazyRouteComponent(() => import("./statistics.tsx"), "Statistics"),
});

const years = createRoute({
  getParentRoute: () => parent,
  path: "/",
  component: lazyRouteComponent(() => import("./years.tsx"), "Years"),
});

const months = createRoute({
  getParentRoute: () => parent,
  path: "/months",
  component: lazyRouteComponent(() => import("./months.tsx"), "Months"),
});

const progress = createRoute({
  getParentRoute: () => parent,
  path: "/progress",
  component: lazyRouteComponent(() => import("./progress.tsx"), "Progress"),
});

const calendar = createRoute({
  getParentRoute: () => parent,
  path: "/calendar",
  component: lazyRouteComponent(() => import("./calendar.tsx"), "Calendar"),
});

const review = createRoute({
  getParentRoute: () => parent,
  path: "/review",
  component: lazyRouteComponent(() => import("./review/review.tsx"), "Review"),
});

const records = createRoute({
  getParentRoute: () => parent,
  path: "/records",
  component: lazyRouteComponent(
    () => import("./records/records.tsx"),
    "Records",
  ),
});

const distribution = createRoute({
  getParentRoute: () => parent,
  path: "/distribution",
  component: lazyRouteComponent(
    () => import("./distribution/distribution.tsx"),
    "Distribution",
  ),
});

const compare = createRoute({
  getParentRoute: () => parent,
  path: "/compare",
  component: lazyRouteComponent(
    () => import("./compare/compare.tsx"),
    "Compare",
  ),
});

const eddington = createRoute({
  getParentRoute: () => parent,
  path: "/eddington",
  component: lazyRouteComponent(() => import("./eddington.tsx"), "Eddington"),
});

const streaks = createRoute({
  getParentRoute: () => parent,
  path: "/streaks",
  component: lazyRouteComponent(() => import("./streaks.tsx"), "Streaks"),
});

const milestones = createRoute({
  getParentRoute: () => parent,
  path: "/milestones",
  component: lazyRouteComponent(() => import("./milestones.tsx"), "Milestones"),
});

/** The statistics, and a page for each of them. */
export const statisticsRoute = parent.addChildren([
  years,
  months,
  progress,
  calendar,
  review,
  records,
  distribution,
  compare,
  eddington,
  streaks,
  milestones,
]);
