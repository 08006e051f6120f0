import { onInterruption } from "../../embedded_postgres/interruption.ts";
import { createTemplate, openServer } from "../run.ts";
import { generateSchedule } from "./generate.ts";
import { runSchedule } from "./run_schedule.ts";
import {
  type Kind,
  parseSchedule,
  printSchedule,
  type Schedule,
} from "./schedule.ts";
import { shrink } from "./shrink.ts";

const HELP =
  `Runs random schedules of faults and checks that the sync is correct afterwards

Usage: deno task chaos [options]

Each schedule is a random list of steps: servers start and are killed, Strava fails in every
possible way, the athlete edits and deletes activities, the clock jumps, and the database closes
connections. Then all faults end, and the stored data must equal the data at Strava.

  --schedules N   Number of schedules (default: 100)
  --seed N        Seed of the first schedule; each next one adds 1 (default: random)
  --processes N   Run the servers of every Nth schedule as separate processes (default: 8, 0: never)
  --replay FILE   Run only this printed schedule ("-": standard input)
  --no-shrink     Print a failing schedule as it is instead of the shortest one that fails
  --keep-going    Continue after a failure

Exits with 1 if a schedule fails.
`;

/** Number of runs after which a shortened schedule counts as passing, because timing varies. */
const TRIES = 2;
/** Longest time to shorten a schedule. */
const SHRINK_MS = 120_000;

let isInterrupted = false;

interface Options {
  schedules: number;
  seed: number;
  processes: number;
  replay?: string;
  shouldShrink: boolean;
  keepGoing: boolean;
}

/** Returns the kind of the schedule at `index`: `processes` for each one that `every` divides. */
export function toKind(index: number, every: number): Kind {
  return every > 0 && index % every === every - 1 ? "processes" : "apps";
}

async function main(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    print(HELP.trimEnd());
    return 0;
  }
  const options = parseOptions(args);
  if (typeof options === "string") {
    print(`${options}: see --help`);
    return 2;
  }
  // An interruption lets the current schedule finish and clean up.
  onInterruption(() => isInterrupted = true);
  await using server = await openServer();
  await using template = await createTemplate(server.url);
  Deno.env.set("TEST_DATABASE_URL", server.url);
  Deno.env.set("TEST_DATABASE_TEMPLATE", template.name);
  if (options.replay !== undefined) {
    const schedule = parseSchedule(await readFile(options.replay));
    return await runOne(schedule, options) ? 0 : 1;
  }
  return await runAll(options);
}

async function runAll(options: Options): Promise<number> {
  const { schedules, seed, processes, keepGoing } = options;
  const start = performance.now();
  const failed: number[] = [];
  let count = 0;
  for (; count < schedules && !isInterrupted; count++) {
    const schedule = generateSchedule(seed + count, toKind(count, processes));
    if (await runOne(schedule, options)) continue;
    failed.push(schedule.seed);
    if (!keepGoing) break;
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  if (isInterrupted) print("Interrupted");
  print(
    failed.length === 0
      ? `${count} schedules passed in ${seconds} s`
      : `Failed: ${
        failed.join(", ")
      }; after schedule ${count} of ${schedules} and ${seconds} s`,
  );
  return failed.length === 0 && !isInterrupted ? 0 : 1;
}

/** Runs a schedule and prints the result. Returns `false` if it failed. */
async function runOne(schedule: Schedule, options: Options): Promise<boolean> {
  const start = performance.now();
  const { failure, log, requests } = await runSchedule(schedule);
  const ms = Math.round(performance.now() - start);
  const { seed, kind, steps } = schedule;
  const title = `seed ${seed}, ${kind}, ${steps.length} steps`;
  if (failure === undefined) {
    print(`ok      ${title}, ${requests} requests (${ms} ms)`);
    return true;
  }
  print(`FAILED  ${title} (${ms} ms)\n${failure}`);
  if (!options.shouldShrink) {
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
  print(`Shortest failing schedule, ${count}:\n${printSchedule(shortest)}`);
  print(last ?? "It did not fail again");
}

async function readFile(file: string): Promise<string> {
  return file === "-"
    ? await new Response(Deno.stdin.readable).text()
    : await Deno.readTextFile(file);
}

/** Parses the options. Returns a message if they are invalid. */
export function parseOptions(args: string[]): Options | string {
  const options: Options = {
    schedules: 100,
    seed: Math.floor(Math.random() * 1e6),
    processes: 8,
    shouldShrink: true,
    keepGoing: false,
  };
  for (let at = 0; at < args.length; at++) {
    const name = args[at]!;
    if (name === "--no-shrink") options.shouldShrink = false;
    else if (name === "--keep-going") options.keepGoing = true;
    else if (name === "--replay") {
      const file = args[++at];
      if (file === undefined) return `Missing file after "--replay"`;
      options.replay = file;
    } else if (/^--(schedules|seed|processes)$/.test(name)) {
      const value = args[++at] ?? "";
      if (!/^\d{1,9}$/.test(value)) return `Missing number after "${name}"`;
      options[name.slice(2) as "schedules"] = Number(value);
    } else return `Unknown option "${name}"`;
  }
  return options;
}

function print(text: string): void {
  // deno-lint-ignore no-console -- the command prints its results
  console.log(text);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
