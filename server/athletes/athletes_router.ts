import {
  Athlete,
  Athletes,
  Disconnect,
  OwnAthleteInput,
  SetVisibilityInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  listOwnedAthletes,
  type OwnedAthlete,
  setDefaultAthlete,
} from "../../db/athlete_owners.ts";
import { isAdmin, userOf } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import {
  authenticatedProcedure,
  ownerProcedure,
  RECENT_LOGIN_MINUTES,
  router,
  sessionProcedure,
} from "../trpc.ts";
import { recordAthleteEvent } from "./athlete_events.ts";
import { disconnect } from "./disconnect_procedures.ts";
import { toReconnectNeeded } from "./reconnect_needed.ts";
import { openShareToken, renewLink, setVisibility } from "./sharing.ts";

/** Athletes as their owners manage them: the default, sharing, disconnecting and deleting. */
export const athletesRouter = router({
  /** Lists the user's own athletes or, for an administrator, all. */
  list: authenticatedProcedure
    .meta({
      scope: "stats:read",
      openapi: {
        method: "GET",
        path: "/api/athletes",
        tags: ["athletes"],
        summary: "List your athletes",
        description:
          "The athletes of the user. An administrator gets all athletes, including those without " +
          "an owner.",
      },
    })
    .output(Athletes)
    .query(async ({ ctx }) => {
      const userId = userOf(ctx.caller)?.id;
      const which = userId === undefined || isAdmin(ctx.caller)
        ? "all"
        : { userId };
      const rows = await listOwnedAthletes(ctx.sql, which);
      return {
        data: await Promise.all(rows.map((row) => toAthlete(ctx, row))),
      };
    }),

  /** Chooses the athlete that is used when a request names none. */
  setDefault: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/athletes/default",
        tags: ["athletes"],
        summary: "Make an athlete the default",
        description:
          "The athlete is used whenever a request of its owner names none. Administrators can only " +
          "choose among the athletes they own.",
      },
      errors: ["athlete_not_found"],
    })
    .input(OwnAthleteInput)
    .output(Athlete)
    .mutation(async ({ ctx, input: { athlete: id } }) => {
      const { id: userId } = ctx.user;
      const isOwn = await ctx.sql.begin((sql) =>
        setDefaultAthlete(sql, { id, userId })
      );
      if (!isOwn) throw new AppError("athlete_not_found");
      return await getAthlete(ctx, id);
    }),

  /** Sets the visibility of an athlete. */
  setVisibility: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/visibility",
        tags: ["athletes"],
        summary: "Share or unshare an athlete",
        description:
          "With `link` the response has the `share_token`, the same one each time. `private` " +
          "deletes it; a later `link` creates another.",
      },
    })
    .input(SetVisibilityInput)
    .output(Athlete)
    .mutation(async ({ ctx, input: { visibility } }) => {
      const { id: athleteId } = ctx.athlete;
      await ctx.sql.begin(async (sql) => {
        const options = { athleteId, visibility };
        const isThere = await setVisibility({ ...ctx, sql }, options);
        if (!isThere) throw new AppError("athlete_not_found");
        const detail = { visibility };
        await recordAthleteEvent(ctx, { sql, kind: "athlete_shared", detail });
      });
      return await getAthlete(ctx, athleteId);
    }),

  /** Replaces the share link, for example after it has spread too widely. */
  renewLink: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/renew-link",
        tags: ["athletes"],
        summary: "Renew a share link",
        description:
          "Returns the new `share_token`. The old one stops working immediately.",
      },
      errors: ["not_shared"],
      example: {
        share_token: "ps_T8oRiE3aQkPyNfUeMlF2Ku9vqYd4m0nS7cJb1xWgZ5h",
      },
    })
    .input(OwnAthleteInput)
    .output(Athlete)
    .mutation(async ({ ctx }) => {
      const { id: athleteId } = ctx.athlete;
      await ctx.sql.begin(async (sql) => {
        const isRenewed = await renewLink({ ...ctx, sql }, { athleteId });
        if (!isRenewed) throw new AppError("not_shared");
        const detail = { renewed: true };
        await recordAthleteEvent(ctx, { sql, kind: "athlete_shared", detail });
      });
      return await getAthlete(ctx, athleteId);
    }),

  /** Disconnects from Strava and keeps the data. */
  disconnect: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/disconnect",
        tags: ["athletes"],
        summary: "Disconnect an athlete",
        description:
          "Revokes the grant at Strava and deletes its tokens. The activities are kept and still served.",
      },
    })
    .input(OwnAthleteInput)
    .output(Disconnect)
    .mutation(({ ctx }) => disconnect(ctx, { data: "keep" })),

  /** Disconnects from Strava and deletes the athlete's data. */
  delete: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/delete",
        tags: ["athletes"],
        summary: "Delete an athlete",
        description:
          "Revokes the grant at Strava and immediately and permanently deletes all data of the " +
          "athlete. Needs a session whose password was entered in the last " +
          `${RECENT_LOGIN_MINUTES} minutes, or \`INTERNAL_API_KEY\`.`,
      },
      errors: ["recent_login_required"],
      example: { data: "deleted" },
    })
    .input(OwnAthleteInput)
    .output(Disconnect)
    .mutation(({ ctx }) => disconnect(ctx, { data: "delete" })),
});

/** Returns the wire form of the stored athlete. */
async function getAthlete(
  ctx: Context,
  id: number,
): Promise<z.input<typeof Athlete>> {
  const [row] = await listOwnedAthletes(ctx.sql, { id });
  if (!row) throw new AppError("athlete_not_found");
  return await toAthlete(ctx, row);
}

/** Returns the wire form of a row. */
async function toAthlete(
  ctx: Context,
  row: OwnedAthlete,
): Promise<z.input<typeof Athlete>> {
  const { id, owner } = row;
  return {
    id,
    name: row.name,
    owner: owner && {
      id: owner.id,
      username: owner.username,
      display_name: owner.displayName,
    },
    is_default: row.isDefault,
    visibility: row.visibility ??
      (ctx.config.publicStats ? "public" : "private"),
    // Hidden from API keys: the token would let a key with `stats:read` alone read the activities.
    share_token: ctx.caller.kind === "key" ? null : await openShareToken(ctx, {
      athleteId: id,
      shareToken: row.shareToken,
    }),
    connected: row.connected,
    reconnect_needed: toReconnectNeeded(ctx, row),
    connected_at: row.connectedAt,
    activities: row.activities,
    first_sync_done: row.firstSyncedAt !== null,
    last_success_at: row.lastSuccessAt,
  };
}
