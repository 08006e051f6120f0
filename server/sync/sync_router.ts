import {
  AthleteInput,
  SyncProgressInput,
  SyncRuns,
  SyncRunsInput,
  SyncStatus,
} from "@paceline/sdk/schemas";
import { tracked } from "@trpc/server";
import type * as z from "zod";
import { Instant, type Pool } from "../../db/driver/client.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import { listSyncRuns, type SyncRun } from "../../db/sync_runs.ts";
import { countStreams } from "../../db/streams/stream_fetches.ts";
import {
  getSyncStatus,
  type SyncStatus as SyncState,
} from "../../db/sync_status.ts";
import {
  type AthleteRef,
  isOwn,
  requireReadable,
  visibleTo,
} from "../auth/access.ts";
import { getRateLimitStatus } from "./rate_limit.ts";
import { readCaller } from "../auth/caller.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure, readerProcedure, router } from "../trpc.ts";
import { toNextSync } from "./next_sync.ts";
import { toRateLimit } from "./rate_limit_status.ts";
import { toRun } from "./sync_run.ts";

/** Time between two checks of a progress stream. */
const POLL_MS = 1000;

type Status = z.input<typeof SyncStatus>;

/** The procedures about syncs and their progress. */
export const syncRouter = router({
  /** The current phase and progress. */
  status: readerProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/sync/status",
        tags: ["sync"],
        protect: false,
        summary: "Status of the sync",
        description:
          "The current phase, the number of stored and remaining activities, and when the next " +
          "sync is due. Available before the first sync has finished. Callers who do not own the " +
          "athlete see neither the rate limit nor the run, which counts hidden activities.",
      },
    })
    .input(AthleteInput)
    .output(SyncStatus)
    .query(({ ctx }) => readStatus(ctx)),

  /** The latest syncs. */
  runs: ownerProcedure
    .meta({
      scope: "stats:read",
      openapi: {
        method: "GET",
        path: "/strava/sync/runs",
        tags: ["sync"],
        summary: "Latest syncs",
        description: "Their counts, and the reasons of those that failed.",
      },
    })
    .input(SyncRunsInput)
    .output(SyncRuns)
    .query(async ({ ctx, input }) => {
      const options = { athleteId: ctx.athlete.id, limit: input.limit };
      return { data: (await listSyncRuns(ctx.sql, options)).map(toRun) };
    }),

  /** The status again after every change, as a stream. */
  progress: readerProcedure
    .meta({
      stream: {
        event: SyncStatus,
        summary: "Status of the sync after every change",
        description:
          "A stream of events over tRPC that runs until the reader disconnects. After a lost " +
          "connection it continues from the id of the last event.",
      },
    })
    .input(SyncProgressInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const { background } = ctx;
      const end = AbortSignal.any([
        background.signal,
        ...signal ? [signal] : [],
      ]);
      let last = input.lastEventId;
      while (!end.aborted) {
        const status = await readCachedStatus(ctx);
        const id = toEventId(status);
        if (id !== last) {
          await requireAccess(ctx, input.athlete ?? ctx.athlete.id);
          yield tracked(id, SyncStatus.parse(status));
        }
        last = id;
        await ctx.sleep(POLL_MS, end).catch(() => {});
      }
    }),
});

/** Throws if the caller lost access since the stream started, or the session or key has ended. */
async function requireAccess(
  ctx: Context,
  ref: NonNullable<AthleteRef>,
): Promise<void> {
  const caller = await readCaller(ctx, ctx);
  if (caller.kind === "refused") throw new AppError(caller.reason);
  await requireReadable({ ...ctx, caller }, ref);
}

/** A request about an athlete that the caller may read. */
type StatusContext = Context & { athlete: ServedAthlete };

/**
 * Returns the state of an athlete's sync as the caller may see it. Otherwise the number of activities
 * would tell strangers of a hidden one as soon as it is stored.
 */
export async function readStatus(ctx: StatusContext): Promise<Status> {
  const athleteId = ctx.athlete.id;
  const scope = { athleteId, visibility: visibleTo(ctx) };
  const { stravaStreams: mode } = ctx.config;
  const isOwner = isOwn(ctx.caller, ctx.athlete);
  const [state, [run], rateLimit, streams] = await Promise.all([
    getSyncStatus(ctx.sql, scope),
    listSyncRuns(ctx.sql, { athleteId, limit: 1 }),
    getRateLimitStatus(ctx),
    isOwner && mode !== "off"
      ? countStreams(ctx.sql, { athleteId, mode })
      : null,
  ]);
  if (!state) throw new AppError("not_connected");
  const { lastSuccessAt } = state;
  return {
    phase: toPhase(state, run),
    activities: state.activities,
    remaining: estimateRemaining(state, new Date(ctx.now())),
    first_sync_done: state.firstSyncedAt !== null,
    run: run && isOwner ? toRun(run) : null,
    last_success_at: lastSuccessAt && new Instant(lastSuccessAt),
    next_due_at: toNextSync(ctx, state),
    streams,
    rate_budget: isOwner ? toRateLimit(rateLimit) : null,
  };
}

interface CachedStatus {
  at: number;
  status: Promise<Status>;
}

/** The latest status of each athlete and kind of caller, so that many streams cost one query. */
const latest = new WeakMap<Pool, Map<string, CachedStatus>>();

function readCachedStatus(ctx: StatusContext): Promise<Status> {
  const at = performance.now();
  const statuses = latest.get(ctx.sql) ?? new Map<string, CachedStatus>();
  latest.set(ctx.sql, statuses);
  const isOwner = isOwn(ctx.caller, ctx.athlete);
  const key = [ctx.athlete.id, isOwner, visibleTo(ctx)].join(" ");
  const known = statuses.get(key);
  if (known && at - known.at < POLL_MS / 2) return known.status;
  const status = readStatus(ctx);
  statuses.set(key, { at, status });
  return status;
}

/** Returns an id that changes with every visible change. */
function toEventId(
  { phase, activities, run, next_due_at, streams }: Status,
): string {
  const { id = 0, pages = 0, fetched = 0 } = run ?? {};
  const { stored = 0, waiting = 0 } = streams ?? {};
  return [
    phase,
    activities,
    id,
    pages,
    fetched,
    next_due_at?.getTime() ?? 0,
    ...streams ? [stored, waiting] : [],
  ].join("-");
}

function toPhase(
  { firstSyncedAt, fullSyncStartedAt, failures }: SyncState,
  run: SyncRun | undefined,
): Status["phase"] {
  if (run?.status === "running") {
    if (firstSyncedAt === null) return "history";
    return fullSyncStartedAt === null ? "recent" : "full";
  }
  return failures > 0 ? "waiting" : "idle";
}

/**
 * Estimates the number of activities still to fetch. The first sync goes back from now to the day the
 * athlete joined Strava, and activities are assumed to be spread evenly over that time.
 */
function estimateRemaining(
  { firstSyncedAt, fullSyncCursor, joinedAt, activities }: SyncState,
  now: Date,
): number | null {
  if (firstSyncedAt !== null) return 0;
  if (fullSyncCursor === null || joinedAt === null) return null;
  const covered = now.getTime() - fullSyncCursor.getTime();
  const left = fullSyncCursor.getTime() - joinedAt.getTime();
  if (covered <= 0) return null;
  return Math.round(activities * Math.max(0, left) / covered);
}
