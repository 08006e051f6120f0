import type { ActivityDetail } from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  getActivity,
  type TrackedActivityRow,
} from "../../db/activity_list.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import { mayReadPrivate, visibleTo } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { readSources } from "../edits/activity_sources.ts";
import { toActivity } from "./activity.ts";
import { toTrack } from "./track.ts";

type Detail = z.input<typeof ActivityDetail>;

/**
 * Reads an activity, if the caller may see it: with its map, its sources and the edited fields for
 * callers who may see private activities.
 */
export async function readDetail(
  ctx: Context & { athlete: ServedAthlete },
  { id }: { id: number },
): Promise<Detail | undefined> {
  const { athlete, caller, sql } = ctx;
  const isOwner = mayReadPrivate(caller, athlete);
  const options = { athleteId: athlete.id, id };
  const [row, sources] = await Promise.all([
    getActivity(sql, { ...options, visibility: visibleTo(ctx) }),
    isOwner ? readSources(sql, options) : { sources: null, edited: null },
  ]);
  if (!row) return undefined;
  return {
    ...toActivity(row),
    excluded: row.excluded,
    description: row.description,
    ...isOwner ? toMap(row) : { map: null, map_reason: "needs_key" },
    ...sources,
    edited:
      sources.edited?.map((field) =>
        field === "preferred" ? "preferred_source" : field
      ) ?? null,
  };
}

/** Returns the map of an activity, or the reason why there is none. */
function toMap(
  { polyline }: TrackedActivityRow,
): Pick<Detail, "map" | "map_reason"> {
  const geojson = toTrack(polyline);
  return polyline === null || geojson === null
    ? { map: null, map_reason: "no_track" }
    : { map: { polyline, geojson }, map_reason: null };
}
