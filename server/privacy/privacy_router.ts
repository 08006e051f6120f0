import {
  CreatePrivacyZoneInput,
  DeletePrivacyZoneInput,
  MAX_PRIVACY_ZONES,
  Privacy,
  PrivacyInput,
  UpdatePrivacyInput,
  UpdatePrivacyZoneInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  getPrivacySettings,
  listPrivacyZones,
} from "../../db/privacy/privacy_zones.ts";
import {
  type AthleteContext,
  recordAthleteEvent,
} from "../athletes/athlete_events.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { changePrivacy, type PrivacyChange } from "./change_privacy.ts";

/** Privacy zones and settings, which decide about the maps that others see. */
export const privacyRouter = router({
  /** Returns the settings and the zones. */
  get: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/api/privacy",
        tags: ["privacy"],
        summary: "Get the privacy zones and settings of maps",
        description:
          "The places that the owner hides on maps, and whether others see maps at all. Only the " +
          "owner sees them.",
      },
    })
    .input(PrivacyInput)
    .output(Privacy)
    .query(({ ctx }) => readPrivacy(ctx)),

  /** Changes the settings that apply to every activity. */
  update: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/privacy/update",
        tags: ["privacy"],
        summary: "Change the settings of maps",
        description:
          "Shows maps to others or hides them, and sets how much of each track's ends is hidden. " +
          "Fields that are missing stay as they are. A change applies at once, to all activities.",
      },
    })
    .input(UpdatePrivacyInput)
    .output(Privacy)
    .mutation(({ ctx, input }) =>
      change(ctx, {
        kind: "settings",
        settings: {
          showsMaps: input.show_maps,
          hiddenStart: input.hidden_start,
          hiddenEnd: input.hidden_end,
        },
      })
    ),

  /** Creates a zone. */
  createZone: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/privacy/zones/create",
        tags: ["privacy"],
        summary: "Create a privacy zone",
        description:
          "Hides everything within the circle, and some of its surroundings, on every map that others " +
          `see. An athlete can have ${MAX_PRIVACY_ZONES} zones.`,
      },
      errors: ["too_many_privacy_zones"],
    })
    .input(CreatePrivacyZoneInput)
    .output(Privacy)
    .mutation(({ ctx, input: { athlete: _, ...zone } }) =>
      change(ctx, { kind: "create", zone })
    ),

  /** Changes a zone. */
  updateZone: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/privacy/zones/update",
        tags: ["privacy"],
        summary: "Change a privacy zone",
        description:
          "Renames, moves or resizes a zone. Fields that are missing stay as they are.",
      },
      errors: ["privacy_zone_not_found"],
    })
    .input(UpdatePrivacyZoneInput)
    .output(Privacy)
    .mutation(({ ctx, input: { athlete: _, id, ...zone } }) =>
      change(ctx, { kind: "update", id, zone })
    ),

  /** Deletes a zone. */
  deleteZone: ownerProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/api/privacy/zones/delete",
        tags: ["privacy"],
        summary: "Delete a privacy zone",
        description:
          "Others see what the zone has hidden, unless another zone or setting hides it.",
      },
      errors: ["privacy_zone_not_found"],
    })
    .input(DeletePrivacyZoneInput)
    .output(Privacy)
    .mutation(({ ctx, input: { id } }) => change(ctx, { kind: "delete", id })),
});

/** Changes what is hidden, and returns all of it. */
async function change(
  ctx: AthleteContext,
  change: PrivacyChange,
): Promise<z.input<typeof Privacy>> {
  const showsMaps = change.kind === "settings"
    ? change.settings.showsMaps
    : undefined;
  const reason = await changePrivacy(ctx, {
    athleteId: ctx.athlete.id,
    change,
    async onChanged(sql) {
      if (showsMaps === undefined) return;
      const detail = { show_maps: showsMaps };
      await recordAthleteEvent(ctx, { sql, kind: "athlete_shared", detail });
    },
  });
  if (reason) throw new AppError(reason);
  return await readPrivacy(ctx);
}

async function readPrivacy(
  { sql, athlete }: AthleteContext,
): Promise<z.input<typeof Privacy>> {
  const athleteId = athlete.id;
  const [settings, zones] = await Promise.all([
    getPrivacySettings(sql, { athleteId }),
    listPrivacyZones(sql, { athleteId }),
  ]);
  if (!settings) throw new AppError("athlete_not_found");
  return {
    show_maps: settings.showsMaps,
    hidden_start: settings.hiddenStart,
    hidden_end: settings.hiddenEnd,
    zones: zones.map((zone) => ({
      id: zone.id,
      name: zone.name,
      latitude: zone.latitude,
      longitude: zone.longitude,
      radius: zone.radius,
      created_at: zone.createdAt,
    })),
  };
}
