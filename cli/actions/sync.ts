import { prepareDatabase } from "../../db/prepare.ts";
import { listGrantAthletes } from "../../db/grants.ts";
import type { Config } from "../../server/config.ts";
import type { SyncRun } from "../../db/sync_runs.ts";
import { forEachAthlete } from "../../server/context.ts";
import { openDeps } from "../../server/deps.ts";
import { syncNow } from "../../server/sync/run_sync.ts";
import { printLine } from "../terminal.ts";

/** Longest wait for one sync: a first sync may take hours. */
const WAIT_MS = 24 * 60 * 60 * 1000;

/** Syncs every connected athlete. Returns false if a sync failed or nobody is connected. */
export async function syncFromShell(
  config: Config,
  { full = false }: { full?: boolean } = {},
): Promise<boolean> {
  await using deps = await openDeps(config);
  await prepareDatabase(deps.sql, config);
  const athletes = await listGrantAthletes(deps.sql);
  if (athletes.length === 0) {
    deps.log.error(
      "No athlete is connected: start the server and open /strava/authorize",
    );
  }
  let succeeded = 0;
  await forEachAthlete(deps, athletes, {
    task: "sync the activities",
    work: async (athleteId) => {
      const run = await syncNow(deps, {
        athleteId,
        trigger: "shell",
        mode: full ? "full" : "due",
        waitMs: WAIT_MS,
      });
      if (run) printLine(toLine(run));
      if (run?.status === "success") succeeded++;
    },
  });
  return athletes.length > 0 && succeeded === athletes.length;
}

function toLine(
  { athleteId, status, fetched, inserted, updated, deleted, errorDetail }:
    SyncRun,
): string {
  const result = status === "success"
    ? `${fetched} activities read, ${inserted} new, ${updated} changed${
      deleted === 0 ? "" : `, ${deleted} deleted`
    }`
    : `${status}${errorDetail ? `: ${errorDetail}` : ""}`;
  return `Athlete ${athleteId}: ${result}`;
}
