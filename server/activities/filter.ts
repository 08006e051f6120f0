import type { ActivityExportInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { ActivityFilter } from "../../db/activity_filter.ts";

/** Converts the filters of an API input to those of the query. */
export function toActivityFilter(
  input: Omit<
    z.output<typeof ActivityExportInput>,
    "athlete" | "format" | "bom"
  >,
): Omit<ActivityFilter, "athleteId" | "visibility"> {
  return {
    sport: input.sport,
    excludeSport: input.exclude_sport,
    from: input.from,
    to: input.to,
    year: input.year,
    activityType: input.activity_type,
    gearId: input.gear_id,
    minDistance: input.min_distance,
    maxDistance: input.max_distance,
    q: input.q,
    commute: input.commute,
    trainer: input.trainer,
    hasMap: input.has_map,
  };
}
