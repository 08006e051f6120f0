import type { Import } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { Instant } from "../../db/driver/client.ts";
import type { ImportJob } from "../../db/imports/import_jobs.ts";

/** Returns the wire form of an import. */
export function toImport(job: ImportJob): z.input<typeof Import> {
  const { imported, merged, updated, unchanged, refused, files } = job;
  const settled = imported + merged + updated + unchanged + refused;
  return {
    id: job.id,
    name: job.name,
    state: toState(job),
    problem: job.problem,
    size: job.size,
    received_bytes: job.receivedBytes,
    files,
    waiting: Math.max(files - settled, 0),
    ignored: job.ignored,
    imported,
    merged,
    updated,
    unchanged,
    refused,
    started_at: new Instant(job.startedAt),
    ended_at: job.endedAt && new Instant(job.endedAt),
  };
}

function toState(
  { state, problem, files }: ImportJob,
): z.input<typeof Import>["state"] {
  if (state !== "done" || problem === null) return state;
  return files === 0 ? "failed" : "incomplete";
}

/** Returns an id that changes with every visible change. */
export function toEventId(job: ImportJob): string {
  const { state, receivedBytes, files, ignored, imported, merged } = job;
  const { updated, unchanged, refused } = job;
  return [
    state,
    receivedBytes,
    files,
    ignored,
    imported,
    merged,
    updated,
    unchanged,
    refused,
  ].join("-");
}
