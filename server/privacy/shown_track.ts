import {
  getPrivacySettings,
  listPrivacyZones,
} from "../../db/privacy/privacy_zones.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import { mayReadPrivate } from "../auth/access.ts";
import type { Caller, Context } from "../context.ts";
import {
  decodePolyline,
  encodePolyline,
  type PolylinePoint,
} from "../recordings/polyline.ts";
import { type HiddenParts, hideTrack, measure } from "./hide_track.ts";
import { toHiddenCircle } from "./hidden_circle.ts";
import { drawLines, type LineString, type MultiLineString } from "./track.ts";

/** The access of a caller to an athlete's tracks: all, nothing, or all but these parts. */
export type TrackAccess = "all" | "nothing" | HiddenParts;

/** A track as the caller may see it. */
export interface ShownTrack {
  /** An encoded polyline: the whole track, or the longest of its parts. */
  polyline: string;
  geojson: LineString | MultiLineString;
}

/** The reason why a caller sees no track. */
export type NoTrackReason = "no_track" | "needs_key" | "hidden";

/** Reports whether the caller may see every position of an athlete, as in streams. */
export function mayReadPositions(
  caller: Caller,
  athlete: Pick<ServedAthlete, "userId">,
): boolean {
  return mayReadPrivate(caller, athlete);
}

/** Reads what the caller may see of an athlete's tracks. */
export async function readTrackAccess(
  { caller, sql, athlete }: Context & { athlete: ServedAthlete },
): Promise<TrackAccess> {
  if (mayReadPositions(caller, athlete)) return "all";
  const athleteId = athlete.id;
  const settings = await getPrivacySettings(sql, { athleteId });
  if (!settings?.showsMaps) return "nothing";
  const zones = await listPrivacyZones(sql, { athleteId });
  return {
    circles: zones.map(toHiddenCircle),
    start: settings.hiddenStart,
    end: settings.hiddenEnd,
  };
}

/**
 * Returns a stored track as the caller may see it, or the reason why there is none. Every track of an
 * answer comes from here: nothing else may decode a stored polyline or send it.
 */
export function toShownTrack(
  polyline: string | null,
  access: TrackAccess,
): { track: ShownTrack; reason: null } | {
  track: null;
  reason: NoTrackReason;
} {
  if (access === "nothing") return { track: null, reason: "needs_key" };
  const points = polyline === null ? null : decodePolyline(polyline);
  if (polyline === null || points === null) {
    return { track: null, reason: "no_track" };
  }
  if (access === "all") {
    return { track: { polyline, geojson: drawLines([points]) }, reason: null };
  }
  const parts = hideTrack(points, access).filter(isLine);
  const longest = findLongest(parts);
  if (!longest) return { track: null, reason: "hidden" };
  return {
    track: { polyline: encodePolyline(longest), geojson: drawLines(parts) },
    reason: null,
  };
}

/** Reports whether a part has two different points. */
function isLine([first, ...others]: readonly PolylinePoint[]): boolean {
  return others.some(({ latitude, longitude }) =>
    latitude !== first!.latitude || longitude !== first!.longitude
  );
}

function findLongest(
  parts: readonly PolylinePoint[][],
): PolylinePoint[] | undefined {
  const lengths = parts.map((part) =>
    part.slice(1).reduce((sum, b, i) => sum + measure(part[i]!, b), 0)
  );
  return parts[lengths.indexOf(Math.max(...lengths))];
}
