import assert from "node:assert/strict";
import {
  createProjection,
  moveNear,
  toBounds,
  toTrack,
} from "../../../web/src/pages/activity/track.ts";

Deno.test("toTrack: joins the parts of a track over the antimeridian", () => {
  const track = toTrack({
    type: "MultiLineString",
    coordinates: [
      [[179.9, -17.5], [180, -17.55]],
      [[-180, -17.55], [-179.9, -17.6]],
    ],
  });
  const [west, south, east, north] = toBounds(track);
  assert.deepEqual([south, north], [-17.6, -17.5]);
  assert.ok(Math.abs(west - 179.9) < 1e-9 && Math.abs(east - 180.1) < 1e-9);
});

Deno.test("toTrack: leaves a track without the antimeridian as it is", () => {
  const coordinates = [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]];
  assert.deepEqual(toTrack({ type: "LineString", coordinates }), coordinates);
});

Deno.test("moveNear: turns a longitude to the side of another one", () => {
  assert.equal(moveNear(-179, 180), 181);
  assert.equal(moveNear(179, -181), -181);
  assert.equal(moveNear(8.5, 8), 8.5);
});

Deno.test("createProjection: keeps every point inside, north on top", () => {
  const size = { width: 800, height: 400, padding: 20 };
  const track = [[8, 47], [8.5, 47.3], [8.2, 46.9]] as const;
  const project = createProjection(track, size);
  for (const [x, y] of track.map(project)) {
    assert.ok(x >= 19.9 && x <= 780.1 && y >= 19.9 && y <= 380.1);
  }
  assert.ok(project([8, 47.3])[1] < project([8, 46.9])[1]);
});

Deno.test("createProjection: places a track of one point in the middle", () => {
  const size = { width: 800, height: 400, padding: 20 };
  assert.deepEqual(createProjection([[8, 47]], size)([8, 47]), [400, 200]);
});
