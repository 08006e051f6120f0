import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant, Metres, Seconds } from "./parts.ts";
import { LocalDate, period } from "./period.ts";

/** Which activities count. */
export const GearInput = z.strictObject({ ...period, ...athleteInput }).check(
  ({ value, issues }) => {
    const { from = "", to = from } = value;
    if (from <= to) return;
    const message = "lies after to";
    issues.push({ code: "custom", path: ["from"], message, input: from });
  },
).default({});

/** Shoes or a bike, and what was done with them. */
export const GearTotal = z.object({
  id: z.string().meta({
    description: "Strava's id: `b...` a bike, `g...` shoes and all else",
    example: "g3423618",
  }),
  name: z.string().nullable().meta({
    description: "What Strava calls it, or last did; null where unknown",
    example: "Nimbus 22 Speedy",
  }),
  name_reason: z.enum(["not_fetched", "unknown_to_strava", "unnamed"])
    .nullable().meta({
      description:
        "Why `name` is null: no scheduled sync has asked for it yet, Strava does not know the id, or " +
        "knows no name",
      example: "not_fetched",
    }),
  brand: z.string().nullable().meta({
    description: "Null where unknown",
    example: "Nimbus",
  }),
  model: z.string().nullable().meta({
    description: "Null where unknown",
    example: "22",
  }),
  nickname: z.string().nullable().meta({
    description: "Null where there is none",
    example: "Speedy",
  }),
  retired: z.boolean().nullable().meta({
    description: "Whether it is out of use; null where unknown",
    example: false,
  }),
  distance: Metres.meta({ example: 512345.6 }),
  moving_time: Seconds.meta({ example: 162345 }),
  count: Amount.meta({ description: "Number of activities", example: 61 }),
  first_used: LocalDate.nullable().meta({
    description:
      "Local day of the first of these activities that the caller may see; null where there is none",
    example: "2024-03-02",
  }),
  last_used: LocalDate.nullable().meta({
    description: "Local day of the last of them; null where there is none",
    example: "2025-12-06",
  }),
  used_reason: z.literal("needs_key").nullable().meta({
    description:
      "Why both are null: the caller may see none of these activities",
    example: "needs_key",
  }),
}).meta({
  id: "GearTotal",
  description: "Shoes or a bike, and what was done with them",
});

/** Distance, time and use of each gear. */
export const GearStatistic = z.object({
  type: z.literal("gear"),
  data: z.array(GearTotal).meta({
    description:
      "The most distance first; activities without gear are left out",
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
}).meta({
  id: "GearStatistic",
  description: "Distance, time and use of each gear",
});
