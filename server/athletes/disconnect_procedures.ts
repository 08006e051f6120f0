import type { Disconnect } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { disconnectAthlete } from "../grants/disconnect.ts";
import { requireRecentPassword } from "../trpc.ts";
import { type AthleteContext, recordAthleteEvent } from "./athlete_events.ts";

/**
 * Disconnects the athlete from Strava, keeps or deletes the data, and records it. Deleting cannot be
 * undone, so it needs a recently entered password or `INTERNAL_API_KEY`.
 */
export async function disconnect(
  ctx: AthleteContext,
  { data }: { data: "keep" | "delete" },
): Promise<z.input<typeof Disconnect>> {
  const deleteData = data === "delete";
  if (deleteData && ctx.caller.kind !== "admin") requireRecentPassword(ctx);
  const { id } = ctx.athlete;
  const kind = deleteData ? "athlete_deleted" : "athlete_disconnected";
  const { revokedAtStrava } = await disconnectAthlete(ctx, {
    athleteId: id,
    deleteData,
    settle: (sql) => recordAthleteEvent(ctx, { sql, kind }),
  });
  return {
    status: "disconnected",
    athlete_id: id,
    revoked_at_strava: revokedAtStrava,
    data: deleteData ? "deleted" : "kept",
  };
}
