import { createWatcher } from "./watch.ts";
import { playStep } from "./run_step.ts";
import type { Schedule } from "./schedule.ts";
import { checkTruth } from "./invariants.ts";
import { createWorld, isBusy, type World } from "./state.ts";

/** A schedule that takes longer stands still. */
const MAX_MS = 40_000;
/** How much longer for each process that is killed: what it was doing is another's after a minute. */
const LEASE_MS = 60_000;

export interface Result {
  /** What was not as it must be; undefined where all was. */
  failure?: string;
  /** What the servers logged, of a failure. */
  log?: string;
  requests: number;
}

/** Plays a schedule in a world of its own. */
export async function runSchedule(schedule: Schedule): Promise<Result> {
  await using world = await createWorld(schedule);
  const unawaited = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    world.failures.push(`Nobody awaited: ${Deno.inspect(event.reason)}`);
  };
  globalThis.addEventListener("unhandledrejection", unawaited);
  const late = Promise.withResolvers<never>();
  const maxMs = MAX_MS + LEASE_MS * countKills(schedule);
  const timer = setTimeout(
    () => late.reject(new Error(`Not done within ${maxMs / 1000} s`)),
    maxMs,
  );
  const at = { step: -1 };
  try {
    await Promise.race([play(world, at), late.promise]);
    return { requests: world.gate.count() };
  } catch (error) {
    const place = at.step < schedule.steps.length
      ? `After step ${at.step + 1}, ${JSON.stringify(schedule.steps[at.step])}`
      : "In the end";
    const message = error instanceof Error ? error.stack : Deno.inspect(error);
    const logs = world.servers.map(async (server) =>
      `server ${server.id}: ${await server.log()}`
    );
    return {
      failure: `${place}: ${message}`,
      log: (await Promise.all(logs)).join("\n"),
      requests: world.gate.count(),
    };
  } finally {
    clearTimeout(timer);
    globalThis.removeEventListener("unhandledrejection", unawaited);
  }
}

/** How many real processes are killed: their clock runs on by itself. */
function countKills({ kind, steps }: Schedule): number {
  return kind === "processes"
    ? steps.filter((step) => step.do === "kill").length
    : 0;
}

async function play(world: World, at: { step: number }): Promise<void> {
  const watcher = createWatcher(world);
  const { steps } = world.schedule;
  for (const [index, step] of steps.entries()) {
    at.step = index;
    await playStep(world, step);
    await watcher.look();
    throwFailures(world);
    if (!isBusy(world)) world.gate.settle();
  }
  at.step = steps.length;
  await checkTruth(world);
  await watcher.look();
  throwFailures(world);
}

function throwFailures({ failures, gate }: World): void {
  const [failure] = [...failures, ...gate.violations];
  if (failure !== undefined) throw new Error(failure);
}
