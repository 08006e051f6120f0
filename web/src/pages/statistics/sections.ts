import type { LinkProps } from "@tanstack/react-router";
import type { Texts } from "../../texts/en.ts";

/** A page of the statistics. */
export interface Section {
  to: NonNullable<LinkProps["to"]>;
  name: keyof Texts["statistics"]["sections"];
}

/** The pages of the statistics, in the order of their tabs. */
export const SECTIONS: readonly Section[] = [
  { to: "/statistics", name: "years" },
  { to: "/statistics/months", name: "months" },
  { to: "/statistics/progress", name: "progress" },
  { to: "/statistics/calendar", name: "calendar" },
  { to: "/statistics/review", name: "review" },
  { to: "/statistics/records", name: "records" },
  { to: "/statistics/distribution", name: "distribution" },
  { to: "/statistics/compare", name: "compare" },
  { to: "/statistics/eddington", name: "eddington" },
  { to: "/statistics/streaks", name: "streaks" },
  { to: "/statistics/milestones", name: "milestones" },
];
