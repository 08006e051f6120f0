import { FIRST_OWN_ID } from "../../db/athletes.ts";
import { requireReadable, visibleTo } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { withDeadline } from "../http/deadline.ts";
import type { RequestContext } from "../http/route.ts";
import { readStatus } from "../sync/sync_router.ts";

/** Time after which the page is shown without the state, in milliseconds. */
const TIMEOUT_MS = 2000;

/** The athlete of the page at `/`, as far as the visitor may know about it. */
export type HomeState =
  | { kind: "nobody" }
  /** The visitor may not know whether an athlete is connected. */
  | { kind: "private" }
  | { kind: "unavailable" }
  | {
    /** `files` is an athlete without Strava. */
    kind: "syncing" | "waiting" | "synced" | "disconnected" | "files";
    /** Number of stored activities that the visitor may see. */
    activities: number;
    /** Whether the visitor may see every activity. */
    seesAll: boolean;
    /** Estimated number of activities that the first sync still has to fetch, if known. */
    remaining: number | null;
    lastSuccessAt: Date | null;
    nextDueAt: Date | null;
  };

/** Returns the state of the athlete that the visitor may read. Never fails: the page works without. */
export async function readHomeState(ctx: RequestContext): Promise<HomeState> {
  try {
    return await withDeadline(readAthleteState(ctx), {
      milliseconds: TIMEOUT_MS,
      sleep: ctx.sleep,
      toError: () => new Error("The database did not answer"),
    });
  } catch (error) {
    if (!(error instanceof AppError)) {
      ctx.requestLog.fail(error);
      return { kind: "unavailable" };
    }
    return { kind: error.reason === "not_connected" ? "nobody" : "private" };
  }
}

async function readAthleteState(ctx: Context): Promise<HomeState> {
  const athlete = await requireReadable(ctx, undefined);
  const status = await readStatus({ ...ctx, athlete });
  return {
    kind: athlete.id >= FIRST_OWN_ID ? "files" : toKind(status),
    activities: status.activities,
    seesAll: visibleTo({ ...ctx, athlete }) === undefined,
    remaining: status.remaining,
    lastSuccessAt: status.last_success_at,
    nextDueAt: status.next_due_at,
  };
}

function toKind(
  { next_due_at, first_sync_done, phase }: Awaited<
    ReturnType<typeof readStatus>
  >,
): "syncing" | "waiting" | "synced" | "disconnected" {
  if (next_due_at === null) return "disconnected";
  if (first_sync_done) return "synced";
  return phase === "waiting" ? "waiting" : "syncing";
}
