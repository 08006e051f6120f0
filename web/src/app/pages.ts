import type { LinkProps } from "@tanstack/react-router";
import type { Texts } from "../texts/en.ts";
import type { IconName } from "../parts/icon.tsx";

/** A page of the navigation. */
export interface Page {
  to: NonNullable<LinkProps["to"]>;
  name: keyof Texts["app"] & string;
  icon: IconName;
}

/** The pages of the navigation, in its order. On a phone the first four have a place in the bar. */
export const PAGES: readonly Page[] = [
  { to: "/", name: "overview", icon: "overview" },
  { to: "/activities", name: "activities", icon: "activities" },
  { to: "/statistics", name: "statistics", icon: "statistics" },
];
