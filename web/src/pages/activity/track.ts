import type { LineString, MultiLineString } from "@paceline/sdk";

/** Longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** West, south, east and north in degrees. */
export type Bounds = readonly [
  west: number,
  south: number,
  east: number,
  north: number,
];

/** Greatest latitude of a Mercator map. */
const MAX_LATITUDE = 85;

/**
 * Returns the track as one line. A track over the antimeridian goes on beyond 180 degrees, so that
 * its parts stay together.
 */
export function toTrack(geojson: LineString | MultiLineString): Position[] {
  const positions = geojson.type === "LineString"
    ? geojson.coordinates
    : geojson.coordinates.flat();
  const track: Position[] = [];
  for (const [longitude = 0, latitude = 0] of positions) {
    const before = track.at(-1)?.[0] ?? longitude;
    track.push([moveNear(longitude, before), latitude]);
  }
  return track;
}

/** Moves a longitude by full turns, so that it is within half a turn of another one. */
export function moveNear(longitude: number, other: number): number {
  return longitude - 360 * Math.round((longitude - other) / 360);
}

/** Returns the smallest box around a track. */
export function toBounds(track: readonly Position[]): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of track) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  return [west, south, east, north];
}

/** Returns a function that places positions in a drawing, as a Mercator map does. */
export function createProjection(
  track: readonly Position[],
  { width, height, padding }: {
    width: number;
    height: number;
    padding: number;
  },
): (position: Position) => readonly [x: number, y: number] {
  const [west, south, east, north] = toBounds(track);
  const top = toMercator(north);
  const bottom = toMercator(south);
  const scale = Math.min(
    (width - 2 * padding) / Math.max(toRadians(east - west), 1e-6),
    (height - 2 * padding) / Math.max(top - bottom, 1e-6),
  );
  const middle = (west + east) / 2;
  return ([longitude, latitude]) => [
    width / 2 + toRadians(moveNear(longitude, middle) - middle) * scale,
    height / 2 - (toMercator(latitude) - (top + bottom) / 2) * scale,
  ];
}

function toMercator(latitude: number): number {
  const within = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
  return Math.log(Math.tan(Math.PI / 4 + toRadians(within) / 2));
}

function toRadians(degrees: number): number {
  return degrees * Math.PI / 180;
}
