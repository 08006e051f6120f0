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
import {
  readTrackAccess,
  toShownTrack,
  type TrackAccess,
} from "../privacy/shown_track.ts";
import { toActivity } from "./activity.ts";

type Detail = z.input<typeof ActivityDetail>;

/**
 * Reads an activity, if the caller may see it: with the map that they may see, and with its sources and
 * the edited fields for callers who may see private activities.
 */
export async function readDetail(
  ctx: Context & { athlete: ServedAthlete },
  { id }: { id: number },
): Promise<Detail | undefined> {
  const { athlete, caller, sql } = ctx;
  const isOwner = mayReadPrivate(caller, athlete);
  const options = { athleteId: athlete.id, id };
  const [row, sources, access] = await Promise.all([
    getActivity(sql, { ...options, visibility: visibleTo(ctx) }),
    isOwner ? readSources(sql, options) : { sources: null, edited: null },
    readTrackAccess(ctx),
  ]);
  if (!row) return undefined;
  return {
    ...toActivity(row),
    excluded: row.excluded,
    description: row.description,
    ...toMap(row, access),
    ...sources,
    edited:
      sources.edited?.map((field) =>
        field === "preferred" ? "preferred_source" : field
      ) ?? null,
  };
}

/** Returns the map of an activity as the caller may see it, or the reason why there is none. */
function toMap(
  { polyline }: TrackedActivityRow,
  access: TrackAccess,
): Pick<Detail, "map" | "map_reason"> {
  const { track, reason } = toShownTrack(polyline, access);
  return { map: track, map_reason: reason };
}
