import type { PrivacyZone } from "../../db/privacy/privacy_zones.ts";
import type { HiddenCircle } from "./hide_track.ts";

/** Longest shift of a hidden circle, in parts of the zone's radius. */
const MAX_SHIFT = 0.5;
const METRES_PER_DEGREE = 111_195;

/**
 * Draws the shift of a new zone's hidden circle: any place within half the radius of the zone's centre is
 * equally likely. Many tracks that end at the hidden circle show that circle, and so only the
 * surroundings of the zone's centre.
 */
export function drawShift(): Pick<PrivacyZone, "shiftEast" | "shiftNorth"> {
  const [turn, area] = [drawShare(), drawShare()];
  const distance = MAX_SHIFT * Math.sqrt(area);
  return {
    shiftEast: distance * Math.sin(2 * Math.PI * turn),
    shiftNorth: distance * Math.cos(2 * Math.PI * turn),
  };
}

/**
 * Returns the shift of a zone that has changed. The hidden circle's centre stays where it is while it is
 * within half the radius of the zone's centre: somebody who has maps from before and after learns nothing
 * then. A shift that followed the zone, or grew with it, would give the centre away. Otherwise another
 * shift is drawn.
 */
export function moveShift(
  before: Pick<
    PrivacyZone,
    "latitude" | "longitude" | "radius" | "shiftEast" | "shiftNorth"
  >,
  after: Pick<PrivacyZone, "latitude" | "longitude" | "radius">,
): Pick<PrivacyZone, "shiftEast" | "shiftNorth"> {
  const hidden = toHiddenCircle(before);
  const degreesEast = (hidden.longitude - after.longitude + 540) % 360 - 180;
  const east = degreesEast * METRES_PER_DEGREE *
    Math.cos(after.latitude * Math.PI / 180);
  const north = (hidden.latitude - after.latitude) * METRES_PER_DEGREE;
  const shift = {
    shiftEast: east / after.radius,
    shiftNorth: north / after.radius,
  };
  const length = Math.hypot(shift.shiftEast, shift.shiftNorth);
  return length <= MAX_SHIFT ? shift : drawShift();
}

/** Returns a random number from 0 to 1 that nobody can guess. */
function drawShare(): number {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return number! / 2 ** 32;
}

/** Returns the circle that hides a zone: shifted, and so much larger that the zone lies in it. */
export function toHiddenCircle(
  { latitude, longitude, radius, shiftEast, shiftNorth }: Pick<
    PrivacyZone,
    "latitude" | "longitude" | "radius" | "shiftEast" | "shiftNorth"
  >,
): HiddenCircle {
  const north = shiftNorth * radius / METRES_PER_DEGREE;
  const east = shiftEast * radius /
    (METRES_PER_DEGREE * Math.cos(latitude * Math.PI / 180));
  return {
    latitude: latitude + north,
    longitude: longitude + east,
    radius: radius * (1 + MAX_SHIFT),
  };
}
