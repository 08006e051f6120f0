import * as z from "zod";
import { Year } from "../parts.ts";

/** A local day of the athlete. */
export const LocalDate = z.iso.date().refine(
  (date) => !date.startsWith("0000"),
  "must be of the year 1 or later",
).meta({
  description: "Local day",
  example: "2025-12-06",
});

/** A group of sports, or one sport. */
export const Sport = z.string().min(1).max(64).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be a name such as run or TrailRun, without control characters",
).meta({
  description:
    "A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` " +
    "does not include `TrailRun`). Defaults to all sports",
  example: "run",
});

/** The filters that leave activities out. */
export const exclusions = {
  exclude_sport: Sport.meta({
    description:
      "A group or a `sport_type`, as for `sport`, whose activities do not count",
    example: "VirtualRide",
  }).optional(),
  commute: z.boolean().meta({
    description: "`true`: only commutes. `false`: no commutes",
    example: false,
  }).optional(),
};

/** The filters by sport and local days. */
export const period = {
  sport: Sport.optional(),
  ...exclusions,
  from: LocalDate.meta({ description: "First local day" }).optional(),
  to: LocalDate.meta({
    description: "Last local day, inclusive",
  }).optional(),
};

/** The filters by sport and local days, or by a local year. */
export const periodOrYear = {
  ...period,
  year: Year.meta({
    description: "Only days of this local year, which `from` and `to` narrow",
    example: 2025,
  }).optional(),
};

/** The input of every statistic that has weeks, or the days of a week. */
export const weeks = {
  week_start: z.enum(["monday", "sunday"]).default("monday").meta({
    description:
      "First day of a week. A week belongs to the year that has most of its days; from Monday " +
      "this is the week of ISO 8601",
  }),
};

/** Reports whether a period does not end before it starts. For `refine`. */
export function isInOrder(
  { from, to }: { from?: string | undefined; to?: string | undefined },
): boolean {
  return from === undefined || to === undefined || from <= to;
}

/** The issue to report if `isInOrder` returns false. */
export const NOT_IN_ORDER = {
  path: ["from"],
  message: "must not be later than `to`",
};
