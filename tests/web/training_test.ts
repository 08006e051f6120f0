import assert from "node:assert/strict";
import { MAX_GOALS, parseGoals } from "../../web/src/app/parse_goals.ts";
import {
  findFirsts,
  sumLoad,
  toRamp,
  toSourceShares,
} from "../../web/src/pages/training/load_sums.ts";
import {
  parseTrainingSearch,
  toDays,
} from "../../web/src/pages/training/search.ts";
import { addDays } from "../../web/src/format/days.ts";

/** Returns consecutive days with a load of 1. */
function listLoads(from: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    ...{ date: addDays(from, index), load: 1 },
    ...{ source: "estimate" as const, ctl: index },
  }));
}

Deno.test("toDays: requests half a year by default, and a last day that exists", () => {
  assert.deepEqual(toDays({}, "2026-11-28"), { from: "2026-05-28" });
  assert.deepEqual(toDays({ range: "3m" }, "2026-05-31"), {
    from: "2026-02-28",
  });
  assert.deepEqual(toDays({ range: "1y" }, "2024-02-29"), {
    from: "2023-02-28",
  });
  assert.deepEqual(toDays({ range: "all" }, "2026-11-28"), {
    from: "0001-01-01",
  });
});

Deno.test("toDays: requests chosen days in their order in time", () => {
  const days = { from: "2026-01-01", to: "2026-02-01" };
  assert.deepEqual(toDays(days, "2026-11-28"), days);
  assert.deepEqual(
    toDays({ from: days.to, to: days.from }, "2026-11-28"),
    days,
  );
});

Deno.test("parseTrainingSearch: drops what is unknown or wrong", () => {
  assert.deepEqual(
    parseTrainingSearch({
      ...{ sport: "run", range: "1y", from: "2026-01-01" },
      ...{ to: "2026-99-01", other: 1 },
    }),
    { sport: "run", range: "1y", from: "2026-01-01" },
  );
  assert.deepEqual(parseTrainingSearch({ sport: "a b", range: 1 }), {});
});

Deno.test("sumLoad: adds weeks from the visitor's first day, and months of long times", () => {
  // 1 March 2026 was a Sunday.
  const days = listLoads("2026-03-01", 9);
  assert.deepEqual(sumLoad(days, "monday"), {
    length: "week",
    sums: [
      { start: "2026-02-23", load: 1 },
      { start: "2026-03-02", load: 7 },
      { start: "2026-03-09", load: 1 },
    ],
  });
  assert.deepEqual(sumLoad(days, "sunday").sums[0], {
    start: "2026-03-01",
    load: 7,
  });
  const { length, sums } = sumLoad(listLoads("2024-01-01", 500), "monday");
  assert.equal(length, "month");
  assert.deepEqual(sums[1], { start: "2024-02-01", load: 29 });
  assert.deepEqual(sumLoad([], "monday").sums, []);
});

Deno.test("toSourceShares: leaves out sources without load", () => {
  const days = [
    { load: 30, source: "suffer_score" as const },
    { load: 10, source: "estimate" as const },
    { load: 0, source: null },
  ];
  assert.deepEqual(
    toSourceShares(days).map(({ source, share }) => [source, share]),
    [["suffer_score", 0.75], ["estimate", 0.25]],
  );
  assert.deepEqual(toSourceShares([]), []);
});

Deno.test("toRamp: compares the fitness with the one a week ago", () => {
  assert.equal(toRamp(listLoads("2026-01-01", 8)), 7);
  assert.equal(toRamp(listLoads("2026-01-01", 7)), undefined);
  assert.equal(toRamp([]), undefined);
});

Deno.test("findFirsts: leaves out places without space for a label", () => {
  assert.deepEqual(
    [...findFirsts(["a", "b", "b", "b", "c"], 3)],
    [1, 4],
  );
});

Deno.test("parseGoals: keeps right goals and drops wrong ones", () => {
  const goal = {
    ...{ id: "1", metric: "distance", period: "year" },
    ...{ target: 1000, sport: "run" },
  };
  assert.deepEqual(
    parseGoals([
      goal,
      null,
      { ...goal, target: 0 },
      { ...goal, target: "1000" },
      { ...goal, target: 1e12 },
      { ...goal, metric: "constructor" },
      { ...goal, period: "day" },
      { ...goal, id: 1 },
    ]),
    [goal],
  );
  assert.deepEqual(parseGoals([{ ...goal, sport: "<b>" }]), [
    { id: "1", metric: "distance", period: "year", target: 1000 },
  ]);
  assert.deepEqual(parseGoals({}), []);
  assert.equal(parseGoals(Array(100).fill(goal)).length, MAX_GOALS);
});
