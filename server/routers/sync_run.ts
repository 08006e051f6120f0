import { z } from "zod";
import type { SyncRun } from "../../db/sync_runs.ts";

const instant = z.date().meta({
  format: "date-time",
  example: "2025-12-06T09:00:04Z",
});
const amount = z.number().int();

/** A sync as the owner sees it. */
export const Run = z.object({
  id: amount.meta({ description: "The run's number", example: 41 }),
  trigger: z.enum(["connect", "cron", "refresh", "shell"]).meta({
    description:
      "What began it: a new athlete, the schedule, `/strava/refresh-data`, the command",
    example: "refresh",
  }),
  status: z.enum(["running", "success", "failed", "interrupted"]).meta({
    description: "`interrupted` by the end of the server, or a crash",
    example: "success",
  }),
  started_at: instant,
  ended_at: instant.nullable().meta({ description: "Null while it runs" }),
  pages: amount.meta({
    description: "Pages of the list that were stored",
    example: 1,
  }),
  fetched: amount.meta({ description: "Activities on them", example: 9 }),
  inserted: amount.meta({
    description: "Activities that were new",
    example: 3,
  }),
  updated: amount.meta({
    description: "Activities that had changed",
    example: 1,
  }),
  skipped: amount.meta({
    description: "Activities that could not be stored; the log says why",
    example: 0,
  }),
  error: z.object({
    reason: z.string().meta({
      description: "A stable code",
      example: "unreachable",
    }),
    detail: z.string().meta({
      description: "A sentence for a person",
      example: "Strava did not answer /api/v3/athlete/activities within 10 s",
    }),
  }).nullable().meta({ description: "Why it failed; null where it did not" }),
}).meta({ id: "SyncRun", description: "What one sync did" });

/** The wire form of a row. */
export function toRun(run: SyncRun): z.input<typeof Run> {
  const { id, trigger, status, pages, fetched, inserted, updated, skipped } =
    run;
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
    error: run.errorReason === null
      ? null
      : { reason: run.errorReason, detail: run.errorDetail ?? "" },
  };
}
