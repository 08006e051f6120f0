import * as z from "zod";

/** A day on the athlete's calendar. */
export const LocalDate = z.iso.date().refine(
  (day) => day >= "0001-01-01",
  "must not lie before 0001-01-01",
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
    "A group (`run`, `ride`, `swim`) or one sport, whether `type` or `sport_type`, in any case; " +
    "all by default",
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
