import assert from "node:assert/strict";
import { ATHLETE_ID, type TestApp } from "../../support/app.ts";
import {
  change,
  createEditable,
  createRide,
  createRideFile,
  importFile,
  listIds,
  readActivity,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";

const SCHEDULES = 8;
const STEPS = 14;

/** Returns numbers from 0 to 1 that follow from the seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The expected state of the one activity: the edits that count, and whether it is deleted. */
interface Expected {
  name: string | undefined;
  sport: string | undefined;
  excluded: boolean;
  isDeleted: boolean;
}

/** Returns the id of the activity, deleted or not, if any source has brought it. */
async function findId(test: TestApp): Promise<number | undefined> {
  const [shown] = await listIds(test);
  if (shown !== undefined) return shown;
  const response = await test.get("/strava/activities/deleted", { key: true });
  return (await response.json()).data[0]?.id;
}

Deno.test("edits: survive random orders of syncs, files, renames, deletions and restores", async () => {
  for (let run = 0; run < SCHEDULES; run++) {
    const seed = 20_261_128 + run;
    const random = createRandom(seed);
    const pick = <T>(values: readonly T[]): T =>
      values[Math.floor(random() * values.length)]!;
    await using test = await createEditable([createRide()]);
    const expected: Expected = {
      name: undefined,
      sport: undefined,
      excluded: false,
      isDeleted: false,
    };
    const steps: string[] = [];

    const edit = async (
      body: object,
      note: () => void,
    ): Promise<void> => {
      const id = await findId(test);
      if (id === undefined || expected.isDeleted) return;
      await change(test, "update", { ids: [id], ...body });
      note();
    };
    const ACTIONS: Record<string, () => Promise<void>> = {
      sync: () => syncFully(test),
      rename: () => {
        const name = `Strava ${Math.floor(random() * 100)}`;
        test.strava.athletes.get(ATHLETE_ID)!.update(RIDE_ID, { name });
        return syncFully(test);
      },
      file: () => importFile(test, createRideFile({ distance: 1812 })).then(),
      twin: () => importFile(test, createRideFile({ distance: 1900 })).then(),
      name: () => {
        const name = `Mine ${Math.floor(random() * 100)}`;
        return edit({ set: { name } }, () => expected.name = name);
      },
      sport: () => {
        const sport = pick(["GravelRide", "EBikeRide"]);
        return edit(
          { set: { sport_type: sport } },
          () => expected.sport = sport,
        );
      },
      exclude: () => {
        const excluded = random() < 0.5;
        return edit({ set: { excluded } }, () => expected.excluded = excluded);
      },
      reset: () =>
        edit({ reset: ["name", "sport_type"] }, () => {
          expected.name = undefined;
          expected.sport = undefined;
        }),
      delete: async () => {
        const id = await findId(test);
        if (id === undefined) return;
        await change(test, "delete", { ids: [id] });
        expected.isDeleted = true;
      },
      restore: async () => {
        const id = await findId(test);
        if (id === undefined) return;
        await change(test, "restore", { ids: [id] });
        expected.isDeleted = false;
      },
    };
    for (let step = 0; step < STEPS; step++) {
      const name = pick(Object.keys(ACTIONS));
      steps.push(name);
      await ACTIONS[name]!();
    }
    // Both sources arrive in the end.
    await ACTIONS["restore"]!();
    await importFile(test, createRideFile({ distance: 1812 }));
    await syncFully(test);

    const where = `seed ${seed}: ${steps.join(", ")}`;
    assert.deepEqual(await listIds(test), [RIDE_ID], where);
    const activity = await readActivity(test, RIDE_ID);
    const strava = test.strava.athletes.get(ATHLETE_ID)!.activities
      .get(RIDE_ID)!;
    assert.deepEqual(
      {
        name: activity.name,
        sport: activity.sport_type,
        excluded: activity.excluded,
        distance: activity.distance,
        heartRate: activity.heart_rate.average,
      },
      {
        name: expected.name ?? strava.name,
        sport: expected.sport ?? "Ride",
        excluded: expected.excluded,
        distance: 1790,
        heartRate: 140,
      },
      where,
    );
    const reset = ["name", "sport_type", "excluded"];
    await change(test, "update", { ids: [RIDE_ID], reset });
    const { name, sport_type, excluded } = await readActivity(test, RIDE_ID);
    assert.deepEqual(
      { name, sport_type, excluded },
      { name: strava.name, sport_type: "Ride", excluded: false },
      where,
    );
  }
});
