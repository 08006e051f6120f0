import type { SyncRun } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { SyncRun as SyncRunRow } from "../../db/sync_runs.ts";

/** Returns the wire form of a row of `sync_runs`. */
export function toRun(run: SyncRunRow): z.input<typeof SyncRun> {
  const {
    id,
    trigger,
    status,
    pages,
    fetched,
    inserted,
    updated,
    skipped,
    deleted,
  } = run;
  return {
    id,
    trigger,
    status,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    pages,
    fetched,
    inserted,
    updated,
    skipped,
    deleted,
    error: run.errorReason === null
      ? null
      : { reason: run.errorReason, detail: run.errorDetail ?? "" },
  };
}
