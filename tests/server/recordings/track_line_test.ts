import assert from "node:assert/strict";
import {
  computeTrackLine,
  MAX_TRACK_POINTS,
  TRACK_TOLERANCE_METRES,
} from "../../../server/recordings/track_line.ts";
import { computeDistance } from "../../../server/recordings/points.ts";
import {
  decodePolyline,
  type Point,
} from "../../../strava_simulator/polyline.ts";
import { createRandom } from "../../../demo/history/random.ts";
import { SEED } from "../../support/seed.ts";

const DEGREE_METRES = 111_195;

/** Computes the track of positions, one each second. */
function draw(points: readonly Point[], seconds = 1): Point[] {
  const track = computeTrackLine({
    time: points.map((_, i) => i * seconds),
    latitude: points.map(([latitude]) => latitude),
    longitude: points.map(([, longitude]) => longitude),
  });
  return decodePolyline(track);
}

/** Returns points northwards from Berlin, 10 m apart. */
function walk(count: number): Point[] {
  return Array.from(
    { length: count },
    (_, i) => [52.5 + i * 10 / DEGREE_METRES, 13.4],
  );
}

function toMetres([latitude, longitude]: Point): { x: number; y: number } {
  return {
    x: longitude * DEGREE_METRES * Math.cos(47 * Math.PI / 180),
    y: latitude * DEGREE_METRES,
  };
}

/** Returns the metres from a point to the nearest part of a line. */
function measure(point: Point, line: readonly Point[]): number {
  const { x, y } = toMetres(point);
  return Math.min(
    ...line.slice(1).map((end, i) => {
      const [a, b] = [toMetres(line[i]!), toMetres(end)];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const length = dx * dx + dy * dy;
      const share = length === 0
        ? 0
        : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
      return Math.hypot(x - a.x - share * dx, y - a.y - share * dy);
    }),
  );
}

Deno.test(`computeTrackLine: stays near random tracks, SEED=${SEED}`, () => {
  for (let seed = SEED; seed < SEED + 20; seed++) {
    const random = createRandom(seed);
    let [latitude, longitude, heading] = [47, 8, 0];
    const points = Array.from({ length: 1500 }, (): Point => {
      heading += random.between(-0.3, 0.3);
      latitude += 3 * Math.cos(heading) / DEGREE_METRES;
      longitude += 3 * Math.sin(heading) / DEGREE_METRES;
      return [latitude, longitude];
    });

    const line = draw(points);

    assert.ok(line.length <= MAX_TRACK_POINTS, `seed ${seed}`);
    assert.ok(line.length < points.length / 3, `seed ${seed}`);
    const off = Math.max(...points.map((point) => measure(point, line)));
    // The radius of the first pass, the line, and the rounding of a polyline.
    assert.ok(off <= 2 * TRACK_TOLERANCE_METRES + 1, `${off} m, seed ${seed}`);
    for (const [i, end] of [[0, points[0]!], [-1, points.at(-1)!]] as const) {
      assert.ok(measure(end, [line.at(i)!, line.at(i)!]) < 1, `seed ${seed}`);
    }
  }
});

Deno.test("computeTrackLine: bounds the points and the time of huge and hostile tracks", () => {
  const huge: Record<string, (i: number) => Point> = {
    "zigzag": (i) => [i % 2 ? i * 8e-5 : -i * 8e-5, i * 1e-4],
    "everywhere": (i) => [(i * 7919) % 180 - 90, (i * 104_729) % 360 - 180],
    "spiral": (i) => [Math.sin(i / 50) * i / 1e5, Math.cos(i / 50) * i / 1e5],
    "at one place": () => [47, 8],
  };
  for (const [name, point] of Object.entries(huge)) {
    const started = performance.now();
    const line = draw(Array.from({ length: 1_000_000 }, (_, i) => point(i)));

    assert.ok(line.length <= MAX_TRACK_POINTS, name);
    assert.equal(line.length > 0, name !== "at one place", name);
    assert.ok(performance.now() - started < 20_000, name);
  }
});

Deno.test("computeTrackLine: leaves out positions that jump away and back", () => {
  const points = walk(300);
  for (const [from, count] of [[100, 1], [200, 7]] as const) {
    points.fill([52.6, 13.9], from, from + count);
  }
  points[250] = [0, 0];
  points[0] = [48.1, 11.5];

  const line = draw(points);

  for (const [latitude, longitude] of line) {
    assert.ok(latitude >= 52.5 && latitude < 52.53, String(latitude));
    assert.equal(longitude, 13.4);
  }
  assert.ok(line.length >= 2);
});

Deno.test("computeTrackLine: leaves out a position that only a car could reach", () => {
  const points = walk(60);
  points[30] = [points[30]![0], 13.415];
  points[31] = [points[31]![0], 13.415];

  // 1 km away in 10 seconds, and back.
  const line = draw(points, 10);

  assert.deepEqual([...new Set(line.map(([, east]) => east))], [13.4]);
  assert.ok(draw(points, 60).some(([, east]) => east === 13.415));
});

Deno.test("computeTrackLine: keeps fast sports and long gaps", () => {
  const flight = Array.from(
    { length: 500 },
    (_, i): Point => [50 + i * 250 / DEGREE_METRES, 8],
  );
  const gap = [...walk(50), ...walk(50).map(([y]): Point => [y + 0.1, 13.4])];

  assert.ok(Math.abs(draw(flight).at(-1)![0] - flight.at(-1)![0]) < 1e-5);
  assert.equal(draw(flight)[0]![0], 50);
  assert.ok(Math.abs(draw(gap).at(-1)![0] - gap.at(-1)![0]) < 1e-5);
});

Deno.test("computeTrackLine: crosses the antimeridian the short way", () => {
  const points = Array.from({ length: 300 }, (_, i): Point => {
    const east = 179.99 + i * 1e-4;
    return [-17 + Math.sin(i / 20) / 1000, east > 180 ? east - 360 : east];
  });

  const line = draw(points);

  assert.ok(line.length > 5);
  for (const [i, [latitude, longitude]] of line.entries()) {
    assert.ok(Math.abs(longitude) <= 180);
    const last = line[i - 1];
    const metres = last
      ? computeDistance(
        { latitude: last[0], longitude: last[1] },
        { latitude, longitude },
      )
      : 0;
    assert.ok(metres < 2000, `${metres} m`);
  }
});

Deno.test("computeTrackLine: is empty without two different positions", () => {
  assert.deepEqual(draw([]), []);
  assert.deepEqual(draw([[47, 8]]), []);
  assert.deepEqual(draw([[47, 8], [47, 8], [47.000001, 8]]), []);
  assert.deepEqual(draw([[NaN, NaN], [47, 8], [NaN, NaN]]), []);
  assert.equal(
    computeTrackLine({ time: [0, 1], latitude: null, longitude: null }),
    "",
  );
  assert.deepEqual(draw([[47, 8], [47.00005, 8]]), [[47, 8], [47.00005, 8]]);
});
