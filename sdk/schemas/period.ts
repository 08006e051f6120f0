import * as z from "zod";

/** A day on the athlete's calendar. */
export const LocalDate = z.iso.date().refine(
  (date) => !date.startsWith("0000"),
  "must be of the year 1 or later",
).meta({
  description: "A local day",
  example: "2025-12-06",
});

/** A group of sports or one sport. */
export const Sport = z.string().min(1).max(64).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be a name such as run or TrailRun, without control characters",
).meta({
  description:
    "A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is " +
    "without `TrailRun`); all by default",
  example: "run",
});

/** Which sport, and which local days. */
export const period = {
  sport: Sport.optional(),
  from: LocalDate.optional().meta({ description: "First local day" }),
  to: LocalDate.optional().meta({
    description: "Last local day, itself included",
  }),
};

/** Whether a period does not end before it begins; for `refine`. */
export function isInOrder(
  { from, to }: { from?: string | undefined; to?: string | undefined },
): boolean {
  return from === undefined || to === undefined || from <= to;
}

/** What is wrong where `isInOrder` is false. */
export const NOT_IN_ORDER = {
  path: ["from"],
  message: "must not be later than `to`",
};
