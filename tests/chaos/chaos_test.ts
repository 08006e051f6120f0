import assert from "node:assert/strict";
import { generateSchedule } from "./generate.ts";
import { parseOptions, toKind } from "./main.ts";
import { runSchedule } from "./run_schedule.ts";
import {
  parseSchedule,
  printSchedule,
  type Schedule,
  type Step,
} from "./schedule.ts";
import { shrink } from "./shrink.ts";

const SCHEDULES = 20;
/** The servers of every tenth schedule are separate processes. */
const PROCESSES_EVERY = 10;

Deno.test(`runSchedule: ends with Strava's data in the database for ${SCHEDULES} schedules`, async () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const schedule = generateSchedule(seed, toKind(seed - 1, PROCESSES_EVERY));
    const { failure, log } = await runSchedule(schedule);
    assert.equal(
      failure,
      undefined,
      `Seed ${seed}: ${failure}\n${printSchedule(schedule)}\n${log}\n` +
        "To shorten it, save the schedule and run: deno task chaos --replay FILE",
    );
  }
});

Deno.test("generateSchedule: returns the same steps for the same seed only", () => {
  assert.deepEqual(generateSchedule(7, "apps"), generateSchedule(7, "apps"));
  assert.notDeepEqual(
    generateSchedule(7, "apps").steps,
    generateSchedule(8, "apps").steps,
  );
});

Deno.test("parseSchedule: parses the output of printSchedule", () => {
  const schedule = generateSchedule(11, "processes");

  assert.deepEqual(parseSchedule(printSchedule(schedule)), schedule);
});

Deno.test("shrink: keeps only the steps that are needed for the failure", async () => {
  const steps: Step[] = Array.from({ length: 21 }, (_, ms) => ({
    do: "pause",
    ms,
  }));
  const schedule: Schedule = { ...generateSchedule(1, "apps"), steps };
  const has = (each: Schedule, ms: number): boolean =>
    each.steps.some((step) => step.do === "pause" && step.ms === ms);

  const shortest = await shrink(
    schedule,
    (each) => Promise.resolve(has(each, 3) && has(each, 17)),
  );

  assert.deepEqual(shortest.steps, [steps[3], steps[17]]);
});

Deno.test("deno task chaos: parses its options and rejects invalid ones", () => {
  const options = parseOptions(["--schedules", "300", "--seed", "7"]);

  assert.ok(typeof options === "object");
  assert.deepEqual([options.schedules, options.seed], [300, 7]);
  assert.equal(parseOptions(["--seed"]), 'Missing number after "--seed"');
  assert.equal(parseOptions(["--sed", "1"]), 'Unknown option "--sed"');
});
