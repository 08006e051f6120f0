import assert from "node:assert/strict";
import { drawSchedule } from "./generate.ts";
import { readOptions, toKind } from "./main.ts";
import { runSchedule } from "./run_schedule.ts";
import {
  printSchedule,
  readSchedule,
  type Schedule,
  type Step,
} from "./schedule.ts";
import { shrink } from "./shrink.ts";

const SCHEDULES = 20;
/** Of these one in ten has its servers in processes of their own. */
const EVERY = 10;

Deno.test(`chaos: ${SCHEDULES} schedules, after each the database is what Strava is`, async () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const schedule = drawSchedule(seed, toKind(seed - 1, EVERY));
    const { failure, log } = await runSchedule(schedule);
    assert.equal(
      failure,
      undefined,
      `Seed ${seed}: ${failure}\n${printSchedule(schedule)}\n${log}\n` +
        "To shorten it: save the schedule and run deno task chaos --replay FILE",
    );
  }
});

Deno.test("drawSchedule: the same seed gives the same steps, another one others", () => {
  assert.deepEqual(drawSchedule(7, "apps"), drawSchedule(7, "apps"));
  assert.notDeepEqual(
    drawSchedule(7, "apps").steps,
    drawSchedule(8, "apps").steps,
  );
});

Deno.test("readSchedule: reads what printSchedule wrote", () => {
  const schedule = drawSchedule(11, "processes");

  assert.deepEqual(readSchedule(printSchedule(schedule)), schedule);
});

Deno.test("shrink: keeps only the steps without which it does not fail", async () => {
  const steps: Step[] = Array.from({ length: 21 }, (_, ms) => ({
    do: "pause",
    ms,
  }));
  const schedule: Schedule = { ...drawSchedule(1, "apps"), steps };
  const has = (each: Schedule, ms: number): boolean =>
    each.steps.some((step) => step.do === "pause" && step.ms === ms);

  const shortest = await shrink(
    schedule,
    (each) => Promise.resolve(has(each, 3) && has(each, 17)),
  );

  assert.deepEqual(shortest.steps, [steps[3], steps[17]]);
});

Deno.test("deno task chaos: reads its options, and says what is wrong with them", () => {
  const options = readOptions(["--schedules", "300", "--seed", "7"]);

  assert.ok(typeof options === "object");
  assert.deepEqual([options.schedules, options.seed], [300, 7]);
  assert.equal(readOptions(["--seed"]), 'No number after "--seed"');
  assert.equal(readOptions(["--sed", "1"]), 'Unknown option "--sed"');
});
