import assert from "node:assert/strict";
import { createRandom, type Random } from "../../../demo/history/random.ts";
import {
  type HiddenCircle,
  hideTrack,
} from "../../../server/privacy/hide_track.ts";
import {
  drawShift,
  moveShift,
  toHiddenCircle,
} from "../../../server/privacy/hidden_circle.ts";
import { computeDistance } from "../../../server/recordings/points.ts";
import {
  type PolylinePoint,
  toUnits,
} from "../../../server/recordings/polyline.ts";
import { SEED } from "../../support/seed.ts";

const ROUNDS = 200;
const DEGREE_METRES = 111_195;
const NOTHING = { circles: [], start: 0, end: 0 };

/** Returns a point in the units of polylines. */
function at(latitude: number, longitude: number): PolylinePoint {
  return { latitude: toUnits(latitude), longitude: toUnits(longitude) };
}

function toDegrees({ latitude, longitude }: PolylinePoint): PolylinePoint {
  return { latitude: latitude / 1e5, longitude: longitude / 1e5 };
}

function measure(a: PolylinePoint, b: PolylinePoint): number {
  return computeDistance(toDegrees(a), toDegrees(b));
}

function measureLine(points: readonly PolylinePoint[]): number {
  return points.slice(1).reduce((sum, b, i) => sum + measure(points[i]!, b), 0);
}

/** Returns points on the lines of a track, at most 20 metres apart. */
function sample(points: readonly PolylinePoint[]): PolylinePoint[] {
  return points.slice(1).flatMap((b, i) => {
    const a = points[i]!;
    const count = Math.ceil(measure(a, b) / 20);
    let east = b.longitude - a.longitude;
    if (Math.abs(east) > 180e5) east -= Math.sign(east) * 360e5;
    return Array.from({ length: count + 1 }, (_, step) => ({
      latitude: a.latitude + (b.latitude - a.latitude) * step / (count || 1),
      longitude: a.longitude + east * step / (count || 1),
    }));
  });
}

/** Reports whether a point is in a circle, by another computation than the server's. */
function isInside(point: PolylinePoint, circle: HiddenCircle): boolean {
  return computeDistance(toDegrees(point), circle) <= circle.radius;
}

/** Returns a winding track that starts near a place, also across the antimeridian. */
function walk(
  random: Random,
  { latitude, longitude }: { latitude: number; longitude: number },
): PolylinePoint[] {
  let [heading, north, east] = [random.between(0, 6.3), 0, 0];
  const scale = Math.cos(latitude * Math.PI / 180) * DEGREE_METRES;
  return Array.from({ length: random.whole(2, 120) }, () => {
    heading += random.between(-1, 1);
    const step = random.chance(0.05) ? 4000 : random.between(1, 300);
    north += step * Math.cos(heading);
    east += step * Math.sin(heading);
    let away = longitude + east / scale;
    if (Math.abs(away) > 180) away -= Math.sign(away) * 360;
    return at(latitude + north / DEGREE_METRES, away);
  });
}

Deno.test(`hideTrack: shows nothing within circles, SEED=${SEED}`, () => {
  let shown = 0;
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
    const random = createRandom(seed);
    const home = {
      latitude: random.pick([0, 47, -33, 64, 84]),
      longitude: random.pick([13, -120, 179.99, -179.99]),
    };
    const circles = Array.from({ length: random.whole(1, 3) }, () => {
      const zone = {
        latitude: home.latitude + random.between(-0.01, 0.01),
        longitude: home.longitude,
        radius: random.whole(100, 2000),
        ...drawShift(),
      };
      return { zone, circle: toHiddenCircle(zone) };
    });
    const points = walk(random, home);

    const parts = hideTrack(points, {
      ...NOTHING,
      circles: circles.map(({ circle }) => circle),
    });

    const known = sample(points);
    for (const part of parts) {
      assert.ok(part.length >= 2, `seed ${seed}`);
      for (const point of sample(part)) {
        for (const { zone, circle } of circles) {
          assert.ok(!isInside(point, zone), `zone, seed ${seed}`);
          assert.ok(!isInside(point, circle), `circle, seed ${seed}`);
        }
      }
      for (const point of part) {
        const near = Math.min(...known.map((each) => measure(each, point)));
        assert.ok(near < 25, `${near} m off the track, seed ${seed}`);
        shown++;
      }
    }
    // Everything that is far from all circles is shown.
    const far = points.slice(1).filter((b, i) =>
      [...sample([points[i]!, b])].every((each) =>
        circles.every(({ circle }) =>
          !isInside(each, { ...circle, radius: circle.radius * 1.05 + 300 })
        )
      )
    );
    for (const point of far) {
      const isShown = parts.some((part) =>
        part.some((each) => measure(each, point) < 1)
      );
      assert.ok(isShown, `seed ${seed}`);
    }
  }
  assert.ok(shown > ROUNDS);
});

Deno.test(`hideTrack: hides the ends by their length, SEED=${SEED}`, () => {
  for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
    const random = createRandom(seed);
    const points = walk(random, { latitude: 47, longitude: 179.99 });
    const [start, end] = [random.whole(0, 1600), random.whole(0, 1600)];
    const length = measureLine(points);

    const parts = hideTrack(points, { ...NOTHING, start, end });

    const at = `seed ${seed}, ${length} m`;
    const shown = parts.reduce((sum, part) => sum + measureLine(part), 0);
    if (length < start + end) assert.deepEqual(parts, [], at);
    else {
      assert.ok(shown <= length - start - end + 0.1, at);
      assert.ok(shown >= length - start - end - 8, at);
    }
    if (parts.length === 0) continue;
    assert.equal(parts.length, 1, at);
    // The way from the hidden start to the first shown point is as long as the hidden start.
    const [first] = parts[0]!;
    assert.ok(start === 0 || measure(points[0]!, first!) <= start + 4, at);
  }
});

Deno.test("hideTrack: leaves a track alone if nothing is hidden", () => {
  const points = [at(47, 8), at(47.1, 8.1), at(47.2, 8)];

  assert.deepEqual(hideTrack(points, NOTHING), [points]);
  assert.deepEqual(hideTrack([], NOTHING), []);
  assert.deepEqual(hideTrack([at(1, 1)], NOTHING), []);
  const far = { latitude: 10, longitude: 8, radius: 3000 };
  assert.deepEqual(hideTrack(points, { ...NOTHING, circles: [far] }), [points]);
});

Deno.test("hideTrack: hides a track within a circle, and cuts one through it", () => {
  const circle = { latitude: 47, longitude: 8, radius: 500 };
  const inside = [at(47, 8), at(47.001, 8), at(47.001, 8.001)];
  const through = [at(46.9, 8), at(47.1, 8)];

  const hidden = hideTrack(inside, { ...NOTHING, circles: [circle] });
  const cut = hideTrack(through, { ...NOTHING, circles: [circle] });

  assert.deepEqual(hidden, []);
  assert.equal(cut.length, 2);
  assert.deepEqual(cut.map((part) => part.length), [2, 2]);
  assert.deepEqual([cut[0]![0], cut[1]![1]], through);
  for (const [a, b] of [[cut[0]![1]!, 0], [cut[1]![0]!, 0]] as const) {
    const metres = measure(a, at(47, 8)) + b;
    assert.ok(metres > 510 && metres < 630, `${metres} m`);
  }
});

Deno.test("hideTrack: bounds the work for lines around the globe", () => {
  const points = Array.from(
    { length: 5000 },
    (_, i) => at(i % 2 ? 80 : -80, i % 360 - 180),
  );
  const circles = Array.from({ length: 20 }, (_, i) => ({
    latitude: i,
    longitude: i * 9 - 90,
    radius: 3000,
  }));
  const started = performance.now();

  for (const part of hideTrack(points, { circles, start: 1600, end: 1600 })) {
    assert.ok(part.length >= 2);
  }
  assert.ok(performance.now() - started < 5000);
});

Deno.test("drawShift: spreads over half the radius, and zones stay covered", () => {
  const shifts = Array.from({ length: 2000 }, drawShift);
  const lengths = shifts.map(({ shiftEast, shiftNorth }) =>
    Math.hypot(shiftEast, shiftNorth)
  );

  assert.ok(Math.max(...lengths) <= 0.5);
  // A quarter of the disc's area.
  const near = lengths.filter((each) => each < 0.25).length / lengths.length;
  assert.ok(near > 0.18 && near < 0.32, String(near));
  const east = shifts.filter(({ shiftEast }) => shiftEast > 0).length;
  assert.ok(east > 800 && east < 1200, String(east));
  for (const shift of shifts.slice(0, 200)) {
    for (const latitude of [0, 52.5, -85]) {
      const zone = { latitude, longitude: 13.4, radius: 2000 };
      const circle = toHiddenCircle({ ...zone, ...shift });
      const offset = computeDistance(zone, circle);
      assert.ok(offset + zone.radius <= circle.radius * 1.01, String(offset));
    }
  }
});

Deno.test("moveShift: keeps the hidden centre while it fits, so growing tells nothing", () => {
  const random = createRandom(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const before = {
      latitude: random.next() * 160 - 80,
      longitude: random.next() * 360 - 180,
      radius: 100 + random.next() * 900,
      ...drawShift(),
    };
    const { latitude, longitude } = before;
    const grown = { latitude, longitude, radius: before.radius * 2 };

    const first = toHiddenCircle(before);
    const second = toHiddenCircle({ ...grown, ...moveShift(before, grown) });

    assert.ok(computeMetres(first, second) < 0.1, JSON.stringify(before));
    assert.ok(computeMetres(second, grown) <= grown.radius / 2 + 0.1);
  }
});

Deno.test("moveShift: draws another shift for a zone that moves away or shrinks much", () => {
  const before = {
    latitude: 52.5,
    longitude: 13.4,
    radius: 600,
    shiftEast: 0.3,
    shiftNorth: -0.3,
  };
  const away = { latitude: 52.6, longitude: 13.4, radius: 600 };
  const small = { latitude: 52.5, longitude: 13.4, radius: 100 };
  for (const after of [away, small]) {
    const shift = moveShift(before, after);
    assert.notDeepEqual(shift, { shiftEast: 0.3, shiftNorth: -0.3 });
    assert.ok(Math.hypot(shift.shiftEast, shift.shiftNorth) <= 0.5);
  }
});

/** Returns the distance between two places near each other, in metres. */
function computeMetres(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const east = (a.longitude - b.longitude) *
    Math.cos(a.latitude * Math.PI / 180);
  return Math.hypot(east, a.latitude - b.latitude) * DEGREE_METRES;
}
