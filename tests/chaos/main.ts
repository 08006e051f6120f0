import { onInterruption } from "../../embedded_postgres/interruption.ts";
import { createTemplate, openServer } from "../run.ts";
import { drawSchedule } from "./generate.ts";
import { runSchedule } from "./run_schedule.ts";
import {
  type Kind,
  printSchedule,
  readSchedule,
  type Schedule,
} from "./schedule.ts";
import { shrink } from "./shrink.ts";

const HELP =
  `Lets everything go wrong at once, and looks whether the sync is right in the end

Usage: deno task chaos [options]

Each schedule is a random list of steps: servers start and are killed, Strava fails in every way it
can, the athlete edits and deletes, the clock jumps, the database ends connections. Then all is well
again, and what is stored must be what is at Strava.

  --schedules N   how many; default 100
  --seed N        the first one's seed, the next ones count on; default random
  --processes N   every Nth has its servers in processes of their own; default 8, 0 = none
  --replay FILE   plays a schedule that was printed ("-": from stdin), and no other
  --no-shrink     prints a failing schedule as it is, instead of the shortest that fails
  --keep-going    does not end at the first failure

Exits with 1 when one fails.
`;

/** How often a shortened schedule is tried before it counts as good: chance has its part. */
const TRIES = 2;
const SHRINK_MS = 120_000;

let isInterrupted = false;

interface Options {
  schedules: number;
  seed: number;
  processes: number;
  replay?: string;
  isShrinking: boolean;
  isGoingOn: boolean;
}

/** Every so-and-so-manyth schedule has its servers in processes of their own. */
export function toKind(index: number, every: number): Kind {
  return every > 0 && index % every === every - 1 ? "processes" : "apps";
}

async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    print(HELP.trimEnd());
    return 0;
  }
  const options = readOptions(args);
  if (typeof options === "string") {
    print(`${options}: see --help`);
    return 2;
  }
  // What was begun is tidied up after the schedule that is under way.
  onInterruption(() => isInterrupted = true);
  await using server = await openServer();
  await using template = await createTemplate(server.url);
  Deno.env.set("TEST_DATABASE_URL", server.url);
  Deno.env.set("TEST_DATABASE_TEMPLATE", template.name);
  if (options.replay !== undefined) {
    const schedule = readSchedule(await readFile(options.replay));
    return await play(schedule, options) ? 0 : 1;
  }
  return await playAll(options);
}

async function playAll(options: Options): Promise<number> {
  const { schedules, seed, processes, isGoingOn } = options;
  const start = performance.now();
  const failed: number[] = [];
  let played = 0;
  for (; played < schedules && !isInterrupted; played++) {
    const schedule = drawSchedule(seed + played, toKind(played, processes));
    if (await play(schedule, options)) continue;
    failed.push(schedule.seed);
    if (!isGoingOn) break;
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  if (isInterrupted) print("Interrupted");
  print(
    failed.length === 0
      ? `${played} schedules held, in ${seconds} s`
      : `Failed: ${
        failed.join(", ")
      }; schedule ${played} of ${schedules}, after ${seconds} s`,
  );
  return failed.length === 0 && !isInterrupted ? 0 : 1;
}

/** Plays it and prints how it went; false where it failed. */
async function play(schedule: Schedule, options: Options): Promise<boolean> {
  const start = performance.now();
  const { failure, log, requests } = await runSchedule(schedule);
  const ms = Math.round(performance.now() - start);
  const { seed, kind, steps } = schedule;
  const what = `seed ${seed}, ${kind}, ${steps.length} steps`;
  if (failure === undefined) {
    print(`ok      ${what}, ${requests} requests (${ms} ms)`);
    return true;
  }
  print(`FAILED  ${what} (${ms} ms)\n${failure}`);
  if (!options.isShrinking) {
    print(`${printSchedule(schedule)}\n${log}`);
    return false;
  }
  await printShortest(schedule);
  return false;
}

async function printShortest(schedule: Schedule): Promise<void> {
  const end = performance.now() + SHRINK_MS;
  let last: string | undefined;
  const shortest = await shrink(schedule, async (candidate) => {
    for (let tries = 0; tries < TRIES; tries++) {
      if (isInterrupted || performance.now() > end) return false;
      const { failure, log } = await runSchedule(candidate);
      if (failure === undefined) continue;
      last = `${failure}\n${log}`;
      return true;
    }
    return false;
  });
  const count = `${shortest.steps.length} of ${schedule.steps.length} steps`;
  print(`The shortest that fails, ${count}:\n${printSchedule(shortest)}`);
  print(last ?? "It did not fail again");
}

async function readFile(file: string): Promise<string> {
  return file === "-"
    ? await new Response(Deno.stdin.readable).text()
    : await Deno.readTextFile(file);
}

/** The options, or what is wrong with them. */
export function readOptions(args: string[]): Options | string {
  const options: Options = {
    schedules: 100,
    seed: Math.floor(Math.random() * 1e6),
    processes: 8,
    isShrinking: true,
    isGoingOn: false,
  };
  for (let at = 0; at < args.length; at++) {
    const name = args[at]!;
    if (name === "--no-shrink") options.isShrinking = false;
    else if (name === "--keep-going") options.isGoingOn = true;
    else if (name === "--replay") {
      const file = args[++at];
      if (file === undefined) return `No file after "--replay"`;
      options.replay = file;
    } else if (/^--(schedules|seed|processes)$/.test(name)) {
      const value = args[++at] ?? "";
      if (!/^\d{1,9}$/.test(value)) return `No number after "${name}"`;
      options[name.slice(2) as "schedules"] = Number(value);
    } else return `Unknown option "${name}"`;
  }
  return options;
}

function print(text: string): void {
  // deno-lint-ignore no-console -- what the command is for
  console.log(text);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
