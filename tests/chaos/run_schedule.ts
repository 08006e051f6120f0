import { createWatcher } from "./watch.ts";
import { runStep } from "./run_step.ts";
import type { Schedule } from "./schedule.ts";
import { checkInvariants } from "./invariants.ts";
import { assertPacked } from "../support/packed_months.ts";
import { createState, isBusy, type State } from "./state.ts";

/** Time after which a schedule counts as stuck. */
const MAX_MS = 40_000;
/** Additional time per killed process: another one takes over its work after a minute. */
const LEASE_MS = 60_000;

/** The result of a schedule. */
export interface Result {
  /** The failure; `undefined` if the schedule passed. */
  failure?: string;
  /** The servers' logs, after a failure. */
  log?: string;
  requests: number;
}

/** Runs a schedule on a new database and a new simulated Strava. */
export async function runSchedule(schedule: Schedule): Promise<Result> {
  await using state = await createState(schedule);
  const onUnhandled = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    state.failures.push(`Unhandled rejection: ${Deno.inspect(event.reason)}`);
  };
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  const late = Promise.withResolvers<never>();
  const maxMs = MAX_MS + LEASE_MS * countKills(schedule);
  const timer = setTimeout(
    () => late.reject(new Error(`Not done within ${maxMs / 1000} s`)),
    maxMs,
  );
  const at = { step: -1 };
  try {
    await Promise.race([runSteps(state, at), late.promise]);
    return { requests: state.proxy.count() };
  } catch (error) {
    const position = at.step < schedule.steps.length
      ? `After step ${at.step + 1}, ${JSON.stringify(schedule.steps[at.step])}`
      : "After all steps";
    const message = error instanceof Error ? error.stack : Deno.inspect(error);
    const logs = state.servers.map(async (server) =>
      `server ${server.id}: ${await server.log()}`
    );
    return {
      failure: `${position}: ${message}`,
      log: (await Promise.all(logs)).join("\n"),
      requests: state.proxy.count(),
    };
  } finally {
    clearTimeout(timer);
    globalThis.removeEventListener("unhandledrejection", onUnhandled);
  }
}

/** Returns the number of kills of real processes, whose leases end only in real time. */
function countKills({ kind, steps }: Schedule): number {
  return kind === "processes"
    ? steps.filter((step) => step.do === "kill").length
    : 0;
}

async function runSteps(state: State, at: { step: number }): Promise<void> {
  const watcher = createWatcher(state);
  const { steps } = state.schedule;
  for (const [index, step] of steps.entries()) {
    at.step = index;
    await runStep(state, step);
    await watcher.check();
    throwFailures(state);
    if (!isBusy(state)) state.proxy.settle();
  }
  at.step = steps.length;
  await checkInvariants(state);
  await assertPacked(state.sql);
  await watcher.check();
  throwFailures(state);
}

function throwFailures({ failures, proxy }: State): void {
  const [failure] = [...failures, ...proxy.violations];
  if (failure !== undefined) throw new Error(failure);
}
