/** One record of a file before it becomes part of the streams. A missing value is NaN. */
export interface Point {
  /** Seconds since 1970. */
  time: number;
  latitude: number;
  longitude: number;
  altitude: number;
  /** Metres since the start, as the device counted. */
  distance: number;
  speed: number;
  heartRate: number;
  cadence: number;
  power: number;
  temperature: number;
  /** Number of the track segment, from 0. The way from one segment to the next is not counted. */
  segment: number;
  /** Values of the extra streams by their index. */
  extra?: number[];
}

/** Records that one file may have. A day has 86,400 seconds. */
export const MAX_POINTS = 1_000_000;

/** Activities that one file may have. */
export const MAX_RECORDINGS = 500;

/** Returns a point without values. */
export function createPoint(time: number, segment = 0): Point {
  return {
    time,
    latitude: NaN,
    longitude: NaN,
    altitude: NaN,
    distance: NaN,
    speed: NaN,
    heartRate: NaN,
    cadence: NaN,
    power: NaN,
    temperature: NaN,
    segment,
  };
}

/** Returns the seconds from one time to another in milliseconds' precision, at least 0. */
export function toOffset(time: number, start: number): number {
  return Math.max(0, Math.round((time - start) * 1000) / 1000);
}

/** Reports whether a point has a position. */
export function hasPosition({ latitude }: Pick<Point, "latitude">): boolean {
  return !Number.isNaN(latitude);
}

/** Sets the position, unless it is out of range or not a number. Returns whether it was set. */
export function setPosition(
  point: Point,
  latitude: number,
  longitude: number,
): boolean {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return false;
  point.latitude = latitude;
  point.longitude = longitude;
  return true;
}

/** Ranges outside of which a value is a fault of the sensor or of the file. */
const LIMITS = {
  altitude: [-1000, 20_000],
  distance: [0, 1e8],
  speed: [0, 340],
  // 0 is a strap without contact.
  heartRate: [1, 254],
  cadence: [0, 300],
  power: [0, 5000],
  temperature: [-60, 100],
} as const;

/** Sets a measured value, unless it is out of its range or not a number. */
export function setValue(
  point: Point,
  name: keyof typeof LIMITS,
  value: number | undefined,
): void {
  const [least, most] = LIMITS[name];
  if (value !== undefined && value >= least && value <= most) {
    point[name] = value;
  }
}

const EARTH_RADIUS_METRES = 6_371_008.8;

/** Computes the great-circle distance of two positions in metres by the haversine formula. */
export function computeDistance(
  a: Pick<Point, "latitude" | "longitude">,
  b: Pick<Point, "latitude" | "longitude">,
): number {
  const radians = Math.PI / 180;
  const y = Math.sin((b.latitude - a.latitude) * radians / 2);
  const x = Math.sin((b.longitude - a.longitude) * radians / 2);
  const h = y * y +
    Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * x * x;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Distance from 0,0 within which a position there is believed. */
const NULL_ISLAND_METRES = 1000;

/**
 * Removes positions at exactly 0,0, which devices write before the first fix. They remain if the
 * next position is near, as in files that were made for tests.
 */
export function dropUnfixedPositions(points: readonly Point[]): void {
  let next: Point | undefined;
  for (let i = points.length - 1; i >= 0; i--) {
    const point = points[i]!;
    if (!hasPosition(point)) continue;
    if (
      point.latitude === 0 && point.longitude === 0 &&
      !(next && computeDistance(point, next) < NULL_ISLAND_METRES)
    ) {
      point.latitude = NaN;
      point.longitude = NaN;
    } else next = point;
  }
}
