import assert from "node:assert/strict";
import type { GearTotal } from "../../sdk/mod.ts";
import {
  MAX_REMINDERS,
  parseReminders,
} from "../../web/src/app/parse_reminders.ts";
import {
  mergeGear,
  toGearChanges,
} from "../../web/src/pages/gear/merge_gear.ts";
import {
  findDue,
  groupGear,
  toMake,
} from "../../web/src/pages/gear/gear_groups.ts";

function toGear(id: string, values: Partial<GearTotal> = {}): GearTotal {
  return {
    ...{ id, name: id, name_reason: null, brand: null, model: null },
    ...{ nickname: null, retired: false, distance: 0, moving_time: 0 },
    ...{ count: 1, first_used: null, last_used: null, used_reason: null },
    ...values,
  };
}

Deno.test("groupGear: has bikes and shoes of Strava and of its export, retired ones apart", () => {
  const groups = groupGear([
    toGear("b1"),
    toGear("g2"),
    toGear("bike_x"),
    toGear("shoes_y"),
    toGear("gear_z"),
    toGear("b3", { retired: true }),
    toGear("g4", { retired: null }),
  ]);
  const toIds = (gear: GearTotal[]): string[] => gear.map(({ id }) => id);
  assert.deepEqual(toIds(groups.bikes), ["b1", "bike_x"]);
  assert.deepEqual(toIds(groups.shoes), ["g2", "shoes_y", "gear_z", "g4"]);
  assert.deepEqual(toIds(groups.retired), ["b3"]);
});

Deno.test("findDue: finds gear in use at its reminder, not before", () => {
  const reminders = new Map([["g1", 800_000], ["g2", 800_000], ["g3", 1]]);
  const due = findDue([
    toGear("g1", { distance: 800_000 }),
    toGear("g2", { distance: 799_999 }),
    toGear("g3", { distance: 5, retired: true }),
    toGear("g4", { distance: 9e9 }),
  ], reminders);
  assert.deepEqual(due.map(({ id }) => id), ["g1"]);
});

Deno.test("toMake: leaves out what the name has already", () => {
  const make = { brand: "Nike", model: "Pegasus" };
  assert.equal(toMake(toGear("g1", { name: "Nike Pegasus 39", ...make })), "");
  assert.equal(
    toMake(toGear("g1", { name: "Fast", ...make })),
    "Nike Pegasus",
  );
  assert.equal(toMake(toGear("g1", { name: null, brand: "Nike" })), "Nike");
});

Deno.test("parseReminders: keeps right pairs and drops wrong ones", () => {
  assert.deepEqual(
    [...parseReminders([
      ["g1", 800_000],
      ["g2", 0],
      ["g3", "800"],
      [4, 800],
      null,
      ["__proto__", 5],
    ])],
    [["g1", 800_000], ["__proto__", 5]],
  );
  assert.equal(parseReminders({ g1: 5 }).size, 0);
  const many = Array.from({ length: 999 }, (_, index) => [`g${index}`, 1]);
  assert.equal(parseReminders(many).size, MAX_REMINDERS);
});

Deno.test("mergeGear: adds gear that no activity uses, each once", () => {
  const unused = {
    ...{ id: "shoes_n", kind: "shoes", name: "New", brand: null } as const,
    ...{ model: null, nickname: null, retired: false, edited: [] },
  };
  const merged = mergeGear([toGear("g1", { distance: 5 })], [
    { ...unused, id: "g1" },
    unused,
  ]);
  assert.deepEqual(
    merged.map(({ id, distance, count }) => [id, distance, count]),
    [["g1", 5, 1], ["shoes_n", 0, 0]],
  );
});

Deno.test("toGearChanges: sets what changed and resets what was emptied", () => {
  const before = { name: "Fast", brand: "Nike", model: null };
  assert.deepEqual(
    toGearChanges(before, { name: " Faster ", brand: "", model: "" }),
    { set: { name: "Faster" }, reset: ["brand"] },
  );
  assert.deepEqual(
    toGearChanges(before, { name: "Fast", brand: "Nike", model: "" }),
    { set: {}, reset: [] },
  );
});
