import type { LinkProps } from "@tanstack/react-router";
import type { Texts } from "../texts/en.ts";
import type { IconName } from "../parts/icon.tsx";

/** A page of the navigation. */
export interface Page {
  to: NonNullable<LinkProps["to"]>;
  name: keyof Texts["app"] & string;
  icon: IconName;
}

/** Number of pages that have a place in the bar of a phone. A menu shows the rest. */
export const PLACES = 4;

/** The pages of the navigation, in its order. */
export const PAGES: readonly Page[] = [
  { to: "/", name: "overview", icon: "overview" },
  { to: "/activities", name: "activities", icon: "activities" },
  { to: "/statistics", name: "statistics", icon: "statistics" },
  { to: "/training", name: "training", icon: "training" },
  { to: "/gear", name: "gear", icon: "gear" },
  { to: "/sources", name: "sources", icon: "sources" },
  { to: "/settings", name: "settings", icon: "settings" },
];
