import assert from "node:assert/strict";
import type { ActivityDetail } from "../../../sdk/mod.ts";
import {
  applyValues,
  findChanged,
  groupIds,
  invertChange,
  joinChanges,
  toFieldValues,
} from "../../../web/src/pages/activity/edits/changes.ts";
import { readCreateInput } from "../../../web/src/pages/activity/edits/create_values.ts";
import {
  readChosenValues,
  readFieldValues,
} from "../../../web/src/pages/activity/edits/form_values.ts";

/** The fields of an activity that edits read. */
function createActivity(fields: Partial<ActivityDetail> = {}): ActivityDetail {
  return {
    id: 7,
    name: "Morning Run",
    sport_type: "Run",
    description: null,
    gear_id: null,
    visibility: "everyone",
    commute: false,
    trainer: false,
    excluded: false,
    workout_type: 0,
    edited: [],
    sources: null,
    ...fields,
  } as ActivityDetail;
}

function createForm(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

Deno.test("findChanged: names only fields with another value", () => {
  const before = toFieldValues(createActivity());
  assert.deepEqual(findChanged(before, { ...before }), {});
  assert.deepEqual(
    findChanged(before, { ...before, name: "Hills", gear_id: null }),
    { name: "Hills" },
  );
});

Deno.test("invertChange: resets what the owner had not set before", () => {
  const activity = createActivity({ name: "Mine", edited: ["name"] });
  assert.deepEqual(
    invertChange(activity, {
      set: { name: "Other", commute: true },
      reset: [],
    }),
    { ids: [7], set: { name: "Mine" }, reset: ["commute"] },
  );
});

Deno.test("invertChange: sets again what was reset", () => {
  const activity = createActivity({ workout_type: 11, edited: ["race"] });
  assert.deepEqual(invertChange(activity, { set: {}, reset: ["race"] }), {
    ids: [7],
    set: { race: true },
    reset: [],
  });
});

Deno.test("joinChanges: puts activities with the same change together", () => {
  const reset = { set: {}, reset: ["commute" as const] };
  assert.deepEqual(
    joinChanges([
      { ids: [1], ...reset },
      { ids: [2], set: { commute: true }, reset: [] },
      { ids: [3], ...reset },
    ]),
    [{ ids: [1, 3], ...reset }, {
      ids: [2],
      set: { commute: true },
      reset: [],
    }],
  );
  assert.deepEqual(joinChanges([]), []);
});

Deno.test("applyValues: gives no field that the activity does not have", () => {
  const changed = applyValues(createActivity(), {
    name: "Hills",
    race: true,
    excluded: true,
  });
  assert.equal(changed.name, "Hills");
  assert.equal(changed.excluded, true);
  assert.ok(!("race" in changed));
});

Deno.test("groupIds: fits every group into a request", () => {
  const groups = groupIds(Array.from({ length: 450 }, (_, index) => index));
  assert.deepEqual(groups.map(({ length }) => length), [200, 200, 50]);
  assert.deepEqual(groupIds([]), []);
});

Deno.test("readFieldValues: reads boxes, no gear and an empty description", () => {
  const values = readFieldValues(createForm({
    name: "  Hills ",
    sport_type: "Run",
    description: " ",
    gear_id: "none",
    visibility: "only_me",
    race: "on",
  }));
  assert.deepEqual(values, {
    name: "Hills",
    sport_type: "Run",
    description: null,
    gear_id: null,
    visibility: "only_me",
    commute: false,
    race: true,
    trainer: false,
    excluded: false,
  });
});

Deno.test("readChosenValues: leaves out what stays as it is", () => {
  assert.deepEqual(
    readChosenValues(createForm({
      sport_type: "unchanged",
      gear_id: "none",
      visibility: "unchanged",
      commute: "no",
      race: "unchanged",
    })),
    { gear_id: null, commute: false },
  );
  assert.deepEqual(readChosenValues(createForm({})), {});
});

const UNITS = {
  metresPerDistance: 1000,
  isMetric: true,
  timezone: "Europe/Berlin",
};

const ENTRY = {
  name: "Gym",
  sport_type: "Workout",
  gear_id: "none",
  visibility: "only_me",
  date: "2026-11-28",
  time: "08:05",
};

Deno.test("readCreateInput: turns the form into metres and seconds", () => {
  const form = createForm({
    ...ENTRY,
    hours: "1",
    minutes: "2",
    seconds: "3",
    distance: "5.25",
    elevation: "100",
  });
  const input = readCreateInput(form, UNITS);
  assert.equal(input?.elapsed_time, 3723);
  assert.equal(input?.distance, 5250);
  assert.equal(input?.start_date_local, "2026-11-28T08:05:00");
  assert.ok(!("gear_id" in input!) && !("average_heartrate" in input!));
  const imperial = readCreateInput(form, {
    ...UNITS,
    metresPerDistance: 1609.344,
    isMetric: false,
  });
  assert.equal(imperial?.distance, 8449.1);
  assert.equal(imperial?.total_elevation_gain, 30.5);
});

Deno.test("readCreateInput: refuses an activity that lasts no second", () => {
  assert.equal(readCreateInput(createForm(ENTRY), UNITS), undefined);
  assert.equal(
    readCreateInput(createForm({ ...ENTRY, minutes: "-4" }), UNITS),
    undefined,
  );
});
