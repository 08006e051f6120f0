import assert from "node:assert/strict";
import { refetchActivity } from "../../../server/sync/refetch_activity.ts";
import type { TestApp } from "../../support/app.ts";
import { ATHLETE_ID } from "../../support/app.ts";
import { tcx, trackpoint } from "../recordings/xml_file.ts";
import {
  change,
  createEditable,
  createRide,
  importFile,
  listIds,
  postJson,
  readActivity,
  RIDE_FILE,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";

const EDITS = {
  name: "Up the hill",
  sport_type: "GravelRide",
  description: "Two lines\nof text",
  visibility: "only_me",
  commute: true,
  race: true,
  trainer: true,
  excluded: true,
};

/** Returns the fields that {@link EDITS} changes, as an answer has them. */
// deno-lint-ignore no-explicit-any -- an activity as the API returns it
function pickEdited(activity: any): Record<string, unknown> {
  const { name, type, sport_type, description, visibility, commute } = activity;
  const { workout_type, trainer, excluded } = activity;
  return {
    name,
    type,
    sport_type,
    description,
    visibility,
    commute,
    workout_type,
    trainer,
    excluded,
  };
}

const EDITED = {
  name: "Up the hill",
  type: "Ride",
  sport_type: "GravelRide",
  description: "Two lines\nof text",
  visibility: "only_me",
  commute: true,
  workout_type: 11,
  trainer: true,
  excluded: true,
};

function renameAtStrava({ strava }: TestApp, name: string): void {
  strava.athletes.get(ATHLETE_ID)!.update(RIDE_ID, { name });
}

Deno.test("activities.update: sets every field, and a reset brings the source's value back", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const before = await readActivity(test, RIDE_ID);

  await change(test, "update", { ids: [RIDE_ID], set: EDITS });
  const edited = await readActivity(test, RIDE_ID);
  await change(test, "update", { ids: [RIDE_ID], reset: Object.keys(EDITS) });
  const after = await readActivity(test, RIDE_ID);

  assert.deepEqual(pickEdited(edited), EDITED);
  assert.deepEqual(edited.edited.toSorted(), Object.keys(EDITS).toSorted());
  assert.deepEqual(after, before);
  assert.deepEqual(before.edited, []);
});

Deno.test("activities.update: survives a sync that brings other values", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "update", { ids: [RIDE_ID], set: EDITS });

  renameAtStrava(test, "Renamed at Strava");
  await syncFully(test);
  const synced = await readActivity(test, RIDE_ID);
  renameAtStrava(test, "Renamed again");
  await refetchActivity(test.deps, { athleteId: ATHLETE_ID, id: RIDE_ID });
  const refetched = await readActivity(test, RIDE_ID);
  await change(test, "update", { ids: [RIDE_ID], reset: Object.keys(EDITS) });
  const reset = await readActivity(test, RIDE_ID);

  assert.deepEqual(pickEdited(synced), EDITED);
  assert.deepEqual(pickEdited(refetched), EDITED);
  assert.equal(reset.name, "Renamed again");
  assert.equal(reset.excluded, false);
});

Deno.test("activities.update: keeps edits when a file joins, and its heart rate later", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "update", { ids: [RIDE_ID], set: EDITS });

  await importFile(test, RIDE_FILE);
  const joined = await readActivity(test, RIDE_ID);
  await change(test, "update", { ids: [RIDE_ID], reset: Object.keys(EDITS) });
  const reset = await readActivity(test, RIDE_ID);

  assert.deepEqual(pickEdited(joined), EDITED);
  assert.deepEqual(joined.heart_rate, { average: 140, max: 160 });
  assert.equal(reset.name, "Ride at Strava");
  assert.deepEqual(reset.heart_rate, { average: 140, max: 160 });
});

Deno.test("activities.update: moves to Strava's activity when the file came first", async () => {
  await using test = await createEditable();
  await importFile(test, RIDE_FILE);
  const [fileId] = await listIds(test);
  await change(test, "update", { ids: [fileId], set: EDITS });

  await syncFully(test);
  const joined = await readActivity(test, RIDE_ID);

  assert.deepEqual(await listIds(test), [RIDE_ID]);
  assert.deepEqual(pickEdited(joined), EDITED);
});

Deno.test("activities.update: moves to the file's activity when Strava deletes its own", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await importFile(test, RIDE_FILE);
  await change(test, "update", { ids: [RIDE_ID], set: { name: "Mine" } });

  test.strava.athletes.get(ATHLETE_ID)!.remove(RIDE_ID);
  await refetchActivity(test.deps, { athleteId: ATHLETE_ID, id: RIDE_ID });
  const [id] = await listIds(test);

  assert.ok(id! >= 2 ** 52);
  assert.equal((await readActivity(test, id!)).name, "Mine");
});

Deno.test("activities.update: takes the totals of the preferred source", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await importFile(test, RIDE_FILE);
  const { sources } = await readActivity(test, RIDE_ID);
  const file = sources.data[1].id;

  await change(test, "update", {
    ids: [RIDE_ID],
    set: { preferred_source: file },
  });
  const preferred = await readActivity(test, RIDE_ID);
  renameAtStrava(test, "Renamed");
  await syncFully(test);
  const synced = await readActivity(test, RIDE_ID);
  await change(test, "update", { ids: [RIDE_ID], reset: ["preferred_source"] });
  const reset = await readActivity(test, RIDE_ID);

  assert.equal(preferred.distance, 1812);
  assert.equal(preferred.sources.preferred, file);
  assert.ok(
    preferred.sources.figures.some(
      (each: { field: string; source: string; method: string }) =>
        each.field === "distance" && each.source === file &&
        each.method === "device",
    ),
  );
  assert.equal(synced.distance, 1812);
  assert.equal(synced.name, "Renamed");
  assert.equal(reset.distance, 1790);
});

Deno.test("activities.update: takes the streams of the preferred source", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const points = [0, 100, 590].map((second) => trackpoint(second));
  const fine = tcx([{ seconds: 590, distance: 1812, points }]);
  await importFile(test, fine);
  await importFile(test, RIDE_FILE);
  const { sources } = await readActivity(test, RIDE_ID);
  const readPoints = async (): Promise<number> => {
    const path = `/strava/activities/${RIDE_ID}/streams?keys=time`;
    const response = await test.get(path, { key: true });
    return (await response.json()).points;
  };
  assert.equal(await readPoints(), 3);

  const set = { preferred_source: sources.data[2].id };
  await change(test, "update", { ids: [RIDE_ID], set });

  assert.equal(await readPoints(), 2);
});

Deno.test("activities.get: names the source of each total", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await importFile(test, RIDE_FILE);

  const { sources } = await readActivity(test, RIDE_ID);
  const [strava, file] = sources.data;

  assert.equal(strava.id, `strava:${RIDE_ID}`);
  assert.equal(file.kind, "tcx");
  assert.equal(file.name, "ride.tcx");
  assert.equal(file.has_original, true);
  const by = Object.fromEntries(
    sources.figures.map((
      { field, source }: { field: string; source: string },
    ) => [field, source]),
  );
  assert.equal(by.distance, strava.id);
  assert.equal(by.average_heartrate, file.id);
});

Deno.test("activities.get: shows sources and edits to the owner only", async () => {
  await using test = await createEditable([
    createRide({ visibility: "everyone" }),
  ]);
  await syncFully(test);
  await change(test, "update", { ids: [RIDE_ID], set: { name: "Mine" } });

  const response = await test.get(`/strava/activities/${RIDE_ID}`);
  const { name, sources, edited } = await response.json();

  assert.deepEqual({ name, sources, edited }, {
    name: "Mine",
    sources: null,
    edited: null,
  });
});

Deno.test("activities.update: hides an activity from strangers at once", async () => {
  await using test = await createEditable([
    createRide({ visibility: "everyone" }),
  ]);
  await syncFully(test);
  const read = async () =>
    (await (await test.get("/strava/activities")).json()).total;
  assert.equal(await read(), 1);
  assert.equal(await read(), 1);

  await change(test, "update", {
    ids: [RIDE_ID],
    set: { visibility: "only_me" },
  });

  assert.equal(await read(), 0);
});

Deno.test("activities.update: leaves an excluded activity out of statistics only", async () => {
  const other = createRide({ id: 6, start_date: "2024-05-05T08:00:00Z" });
  await using test = await createEditable([createRide(), other]);
  await syncFully(test);
  const readTotals = async () => {
    const answers = [];
    for (
      const path of ["totals", "yearly", "records", "eddington", "streaks"]
    ) {
      const response = await test.get(`/strava/stats/${path}`, { key: true });
      const { fetched_at: _, ...answer } = await response.json();
      answers.push(answer);
    }
    return answers;
  };

  await change(test, "update", { ids: [6], set: { excluded: true } });
  const excluded = await readTotals();
  await change(test, "delete", { ids: [6] });

  assert.deepEqual(await readTotals(), excluded);
  await change(test, "restore", { ids: [6] });
  assert.deepEqual(await listIds(test), [6, RIDE_ID]);
  assert.equal((await readActivity(test, 6)).excluded, true);
});

Deno.test("activities.update: changes nothing if one activity does not exist", async () => {
  await using test = await createEditable();
  await syncFully(test);

  const { status, answer } = await postJson(test, "update", {
    ids: [RIDE_ID, 77],
    set: { name: "Mine" },
  });

  assert.equal(status, 404);
  assert.equal(answer.reason, "activity_not_found");
  assert.equal((await readActivity(test, RIDE_ID)).name, "Ride at Strava");
});
