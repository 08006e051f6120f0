import type { Status } from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  type AthleteStatus,
  listAthleteStatus,
} from "../../db/athlete_status.ts";
import { listSyncRuns } from "../../db/sync_runs.ts";
import { toReconnectNeeded } from "../athletes/reconnect_needed.ts";
import type { Context } from "../context.ts";
import { toNextSync } from "../sync/next_sync.ts";
import { getRateLimitStatus } from "../sync/rate_limit.ts";
import { toRateLimit } from "../sync/rate_limit_status.ts";
import { toRun } from "../sync/sync_run.ts";
import { getWebhookStatus } from "../webhook/status.ts";

/** Number of sync runs shown per athlete. */
const RUN_COUNT = 10;

type InstanceStatus = z.input<typeof Status>;

/** Returns the status of the instance: athletes with their syncs, webhooks and the rate limit. */
export async function getInstanceStatus(ctx: Context): Promise<InstanceStatus> {
  const athletes = await listAthleteStatus(ctx.sql);
  const rateLimit = await getRateLimitStatus(ctx);
  return {
    athletes: await Promise.all(
      athletes.map((athlete) => toAthleteStatus(ctx, athlete)),
    ),
    webhooks: await getWebhookStatus(ctx),
    rate_budget: toRateLimit(rateLimit),
    app_inactive_since: rateLimit?.limit.inactiveSince ?? null,
    untrusted_proxy_since: ctx.untrustedProxySince === undefined
      ? null
      : new Date(ctx.untrustedProxySince),
  };
}

/** Returns the wire form of an athlete's status, with the last sync runs. */
async function toAthleteStatus(
  ctx: Context,
  athlete: AthleteStatus,
): Promise<InstanceStatus["athletes"][number]> {
  const runs = await listSyncRuns(ctx.sql, {
    athleteId: athlete.id,
    limit: RUN_COUNT,
  });
  return {
    id: athlete.id,
    name: athlete.name,
    connected: athlete.scopes !== null,
    reconnect_needed: toReconnectNeeded(ctx, athlete),
    connected_at: athlete.connectedAt,
    scopes: athlete.scopes ?? [],
    activities: athlete.activities,
    deleted: athlete.deleted,
    pending_deletions: athlete.pendingSince &&
      { count: athlete.pending, since: athlete.pendingSince },
    quarantined: athlete.quarantined,
    first_sync_done: athlete.firstSyncedAt !== null,
    last_success_at: athlete.lastSuccessAt,
    full_walk_at: athlete.lastFullSyncAt,
    next_due_at: toNextSync(ctx, athlete),
    failures: athlete.failures,
    runs: runs.map(toRun),
  };
}
