import { computeDistance } from "../recordings/points.ts";
import {
  DEGREE,
  HALF_TURN,
  type PolylinePoint,
  TURN,
} from "../recordings/polyline.ts";

/** A circle that no shown track enters. */
export interface HiddenCircle {
  /** Degrees. */
  latitude: number;
  longitude: number;
  /** Metres. */
  radius: number;
}

/** The parts of every track that are hidden. */
export interface HiddenParts {
  circles: readonly HiddenCircle[];
  /** Metres at the start. */
  start: number;
  /** Metres at the end. */
  end: number;
}

const METRES_PER_DEGREE = 111_195;
/** A long line into a circle is shown up to pieces of this length, in metres. */
const PIECE_METRES = 100;
/** Pieces of one line at most. */
const MAX_PIECES = 1000;
/** Distance kept from a circle: 10 metres for rounding, and 1 % for the plane that stands for the globe. */
const MARGIN_METRES = 10;
const MARGIN_SHARE = 1.01;

/**
 * Hides parts of a track: its ends, then everything in a circle. Returns what is left, in order: no part,
 * one, or several. A line that enters a circle is left out, or shown up to at least
 * 10 metres before the circle, so that the ends of tracks do not draw the circle's outline.
 */
export function hideTrack(
  points: readonly PolylinePoint[],
  { circles, start, end }: HiddenParts,
): PolylinePoint[][] {
  const started = hideStart(points, start);
  const middle = hideStart(started.toReversed(), end).toReversed();
  return cutOut(middle, circles.map(toLocal));
}

/** Returns the points after the first `metres` of a track. */
function hideStart(
  points: readonly PolylinePoint[],
  metres: number,
): readonly PolylinePoint[] {
  if (metres === 0) return points;
  // Rounding must not show a part of the last metre.
  let left = metres + 2;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const length = measure(a, b);
    if (length > left) {
      return [interpolate(a, b, left / length), ...points.slice(i)];
    }
    left -= length;
  }
  return [];
}

/** Cuts circles out of a line. */
function cutOut(
  points: readonly PolylinePoint[],
  circles: readonly LocalCircle[],
): PolylinePoint[][] {
  const parts: PolylinePoint[][] = [];
  let part: PolylinePoint[] = [];
  const add = (a: PolylinePoint, b: PolylinePoint): void => {
    if (part.length === 0) parts.push(part = [a]);
    part.push(b);
  };
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const near = circles.filter((circle) => isTouching(a, b, circle));
    if (near.length === 0) {
      add(a, b);
      continue;
    }
    for (const { from, to } of listOutside(a, b, near)) {
      if (from !== a) part = [];
      add(from, to);
    }
    const last = part.at(-1);
    if (last !== b) part = [];
  }
  return parts;
}

/** Returns the pieces of a line that are outside of circles, joined where they follow each other. */
function listOutside(
  a: PolylinePoint,
  b: PolylinePoint,
  circles: readonly LocalCircle[],
): { from: PolylinePoint; to: PolylinePoint }[] {
  const count = Math.min(MAX_PIECES, Math.ceil(measure(a, b) / PIECE_METRES));
  const outside: { from: PolylinePoint; to: PolylinePoint }[] = [];
  let from = a;
  let wasOutside = false;
  for (let i = 1; i <= count; i++) {
    const to = i === count ? b : interpolate(a, b, i / count);
    const isOutside = !circles.some((each) => isTouching(from, to, each));
    if (isOutside && wasOutside) outside.at(-1)!.to = to;
    else if (isOutside) outside.push({ from, to });
    wasOutside = isOutside;
    from = to;
  }
  return outside;
}

/** A circle on a plane. */
interface LocalCircle {
  /** The centre, in the units of polylines. */
  latitude: number;
  longitude: number;
  /** Metres of a unit to the east, at the centre. */
  width: number;
  /** Metres within which nothing is shown: the radius and the distance kept from it. */
  reach: number;
}

/** Metres of a unit to the north. */
const HEIGHT = METRES_PER_DEGREE / DEGREE;

function toLocal({ latitude, longitude, radius }: HiddenCircle): LocalCircle {
  return {
    latitude: latitude * DEGREE,
    longitude: longitude * DEGREE,
    width: HEIGHT * Math.cos(latitude * Math.PI / 180),
    reach: radius * MARGIN_SHARE + MARGIN_METRES,
  };
}

/** Reports whether a line comes near a circle, or enters it. */
function isTouching(
  a: PolylinePoint,
  b: PolylinePoint,
  { latitude, longitude, width, reach }: LocalCircle,
): boolean {
  const x = toHalfTurn(a.longitude - longitude) * width;
  const y = (a.latitude - latitude) * HEIGHT;
  const dx = toHalfTurn(b.longitude - a.longitude) * width;
  const dy = (b.latitude - a.latitude) * HEIGHT;
  const square = dx * dx + dy * dy;
  const share = square === 0
    ? 0
    : Math.max(0, Math.min(1, -(x * dx + y * dy) / square));
  return (x + share * dx) ** 2 + (y + share * dy) ** 2 <= reach ** 2;
}

/** Returns the point at a share of the way from one to another, the short way around the globe. */
function interpolate(
  a: PolylinePoint,
  b: PolylinePoint,
  share: number,
): PolylinePoint {
  const east = toHalfTurn(b.longitude - a.longitude);
  return {
    latitude: Math.round(a.latitude + share * (b.latitude - a.latitude)),
    longitude: toHalfTurn(Math.round(a.longitude + share * east)),
  };
}

/** Returns a difference of longitudes, from half a turn to the west to half a turn to the east. */
function toHalfTurn(east: number): number {
  return Math.abs(east) <= HALF_TURN
    ? east
    : east - TURN * Math.round(east / TURN);
}

/** Returns the length of a line in metres. */
export function measure(a: PolylinePoint, b: PolylinePoint): number {
  return computeDistance(toDegrees(a), toDegrees(b));
}

function toDegrees({ latitude, longitude }: PolylinePoint): PolylinePoint {
  return { latitude: latitude / DEGREE, longitude: longitude / DEGREE };
}
