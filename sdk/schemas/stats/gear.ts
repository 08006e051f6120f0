import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount, Instant, Metres, Seconds } from "../parts.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, periodOrYear } from "./period.ts";

/** The filters of the gear statistic. */
export const GearInput = z.strictObject({ ...periodOrYear, ...athleteInput })
  .refine(isInOrder, NOT_IN_ORDER).default({});

/** Shoes or a bike with its totals. */
export const GearTotal = z.object({
  id: z.string().meta({
    description:
      "The gear's id. Strava's `b...` is a bike, and `g...` is shoes or anything else. `bike_...`, " +
      "`shoes_...` and `gear_...` come from a bulk export",
    example: "g3423618",
  }),
  name: z.string().nullable().meta({
    description:
      "Name at Strava or in its bulk export, or the last known one. Null if unknown",
    example: "Nimbus 22 Speedy",
  }),
  name_reason: z.enum(["not_fetched", "unknown_to_strava", "unnamed"])
    .nullable().meta({
      description:
        "Why `name` is null: no scheduled sync has requested it yet, Strava does not know the " +
        "id, or it has no name",
      example: "not_fetched",
    }),
  brand: z.string().nullable().meta({
    description: "Brand. Null if unknown",
    example: "Nimbus",
  }),
  model: z.string().nullable().meta({
    description: "Model. Null if unknown",
    example: "22",
  }),
  nickname: z.string().nullable().meta({
    description: "Nickname. Null if it has none",
    example: "Speedy",
  }),
  retired: z.boolean().nullable().meta({
    description: "Whether it is retired. Null if unknown",
    example: false,
  }),
  distance: Metres.meta({ example: 512345.6 }),
  moving_time: Seconds.meta({ example: 162345 }),
  count: Amount.meta({ description: "Number of activities", example: 61 }),
  first_used: LocalDate.nullable().meta({
    description:
      "Local day of its first activity that the caller can see. Null if there is none",
    example: "2024-03-02",
  }),
  last_used: LocalDate.nullable().meta({
    description:
      "Local day of its last activity up to today that the caller can see. Null if there is none",
    example: "2025-12-06",
  }),
  used_reason: z.literal("needs_key").nullable().meta({
    description:
      "Why `first_used` and `last_used` are null: the caller cannot see any of the activities",
    example: "needs_key",
  }),
}).meta({
  id: "GearTotal",
  description: "Shoes or a bike with its totals",
});

/** Distance, time and use of each gear. */
export const GearStatistic = z.object({
  type: z.literal("gear"),
  data: z.array(GearTotal).meta({
    description:
      "Gear by distance, longest first. Activities without gear are not included",
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
  counts: Counts,
}).meta({
  id: "GearStatistic",
  description: "Distance, time and use of each gear",
});
