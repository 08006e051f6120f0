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
} from "../../db/athlete_access.ts";
import { isAdmin, userOf } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { openLink, renewLink, setVisibility } from "./sharing.ts";
import {
  knownProcedure,
  ownerProcedure,
  router,
  sessionProcedure,
} from "../trpc.ts";
import { endConnection, recordAthlete } from "./disconnect_procedures.ts";
import { toReconnectNeeded } from "./reconnect_needed.ts";

/** A user's athletes: who sees them, and how they leave. */
export const athletesRouter = router({
  /** One's own or, for an administrator, all. */
  list: knownProcedure
    .meta({
      scope: "stats:read",
      openapi: {
        method: "GET",
        path: "/api/athletes",
        tags: ["athletes"],
        summary: "One's own athletes",
        description:
          "An administrator gets those of everyone, and the instance's own.",
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

  /** Which of one's own is meant where none is named. */
  setDefault: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/athletes/default",
        tags: ["athletes"],
        summary: "Make an athlete the default",
        description:
          "It is meant from now on wherever its owner names no athlete. One's own only, " +
          "administrators too.",
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
      return await readAthlete(ctx, id);
    }),

  /** Who may see an athlete. */
  setVisibility: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/visibility",
        tags: ["athletes"],
        summary: "Share an athlete, or end it",
        description:
          "With `link` the answer has the `share_token`, the same each time. `private` forgets it: " +
          "a later `link` makes another.",
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
        await recordAthlete(ctx, { sql, kind: "athlete_shared", detail });
      });
      return await readAthlete(ctx, athleteId);
    }),

  /** A new link instead of the one that is known too widely. */
  renewLink: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/renew-link",
        tags: ["athletes"],
        summary: "Renew a share link",
        description:
          "The answer has the new `share_token`; the old one opens nothing from now on.",
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
        await recordAthlete(ctx, { sql, kind: "athlete_shared", detail });
      });
      return await readAthlete(ctx, athleteId);
    }),

  /** Ends the connection to Strava; the history stays. */
  disconnect: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/disconnect",
        tags: ["athletes"],
        summary: "Disconnect an athlete",
        description:
          "Revokes the grant at Strava and deletes the tokens. The history stays and is served on.",
      },
    })
    .input(OwnAthleteInput)
    .output(Disconnect)
    .mutation(({ ctx }) => endConnection(ctx, { data: "keep" })),

  /** Ends the connection and deletes everything of the athlete. */
  delete: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/athletes/delete",
        tags: ["athletes"],
        summary: "Delete an athlete",
        description:
          "Revokes the grant at Strava and deletes every row of the athlete, at once and for good. " +
          "Needs a session whose password was given within the last 10 minutes, or " +
          "`INTERNAL_API_KEY`.",
      },
      errors: ["recent_login_required"],
      example: { data: "deleted" },
    })
    .input(OwnAthleteInput)
    .output(Disconnect)
    .mutation(({ ctx }) => endConnection(ctx, { data: "delete" })),
});

/** An athlete as it stands now. */
async function readAthlete(
  ctx: Context,
  id: number,
): Promise<z.input<typeof Athlete>> {
  const [row] = await listOwnedAthletes(ctx.sql, { id });
  if (!row) throw new AppError("athlete_not_found");
  return await toAthlete(ctx, row);
}

/** The wire form of a row. */
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
    // A key that may read statistics alone would get a token for the activities too.
    share_token: ctx.caller.kind === "key"
      ? null
      : await openLink(ctx, { athleteId: id, shareToken: row.shareToken }),
    connected: row.connected,
    reconnect_needed: toReconnectNeeded(ctx, row),
    connected_at: row.connectedAt,
    activities: row.activities,
    first_sync_done: row.firstSyncedAt !== null,
    last_success_at: row.lastSuccessAt,
  };
}
