import {
  AthleteInput,
  CreateGearInput,
  Gear,
  GearList,
  UpdateGearInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  type GearEdits,
  listOwnGear,
  type OwnGear,
} from "../../db/edits/gear_edits.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { createGear, MAX_GEAR, updateGear } from "./change_gear.ts";

/** The columns of the fields that an owner can set. */
const COLUMNS = {
  name: "name",
  brand: "brand_name",
  model: "model_name",
  retired: "retired",
} as const;
type Field = keyof typeof COLUMNS;

/** The procedures about an athlete's shoes and bikes. */
export const gearRouter = router({
  /** Lists all gear. */
  list: ownerProcedure
    .meta({
      scope: "stats:read",
      openapi: {
        method: "GET",
        path: "/api/gear",
        tags: ["gear"],
        summary: "List gear",
        description:
          "All shoes and bikes of the athlete, also those that no activity uses. Their distances are in " +
          "`/strava/stats/gear`.",
      },
    })
    .input(AthleteInput)
    .output(GearList)
    .query(async ({ ctx }) => {
      const rows = await listOwnGear(ctx.sql, { athleteId: ctx.athlete.id });
      return { data: rows.map(toGear) };
    }),

  /** Adds gear. */
  create: ownerProcedure
    .meta({
      scope: "activities:write",
      openapi: {
        method: "POST",
        path: "/api/gear/create",
        tags: ["gear"],
        summary: "Add gear",
        description:
          "Adds shoes or a bike, which activities can then name. Adding the same names again changes " +
          "nothing. Gear that Strava has under these names is returned instead. An athlete may have " +
          `${MAX_GEAR} pieces of gear.`,
      },
      errors: ["too_many_gear"],
    })
    .input(CreateGearInput)
    .output(Gear)
    .mutation(async ({ ctx, input }) => {
      const { kind, name, brand = "", model = "" } = input;
      const created = await createGear(ctx, {
        athleteId: ctx.athlete.id,
        named: { kind, name, brand, model },
      });
      if (typeof created === "string") throw new AppError(created);
      return toGear(created);
    }),

  /** Renames or retires gear. */
  update: ownerProcedure
    .meta({
      scope: "activities:write",
      openapi: {
        method: "POST",
        path: "/api/gear/update",
        tags: ["gear"],
        summary: "Rename or retire gear",
        description:
          "Sets name, brand and model, and whether it is retired. These win over Strava's, which is not " +
          "changed itself. `reset` brings the value of the source back.",
      },
      errors: ["gear_not_found"],
    })
    .input(UpdateGearInput)
    .output(Gear)
    .mutation(async ({ ctx, input: { id, set = {}, reset = [] } }) => {
      const given = Object.entries(set).filter(([, value]) =>
        value !== undefined
      );
      const updated = await updateGear(ctx, {
        athleteId: ctx.athlete.id,
        id,
        set: Object.fromEntries(
          given.map(([field, value]) => [COLUMNS[field as Field], value]),
        ) as GearEdits,
        reset: reset.map((field) => COLUMNS[field]),
      });
      if (!updated) throw new AppError("gear_not_found");
      return toGear(updated);
    }),
});

/** Renders gear. */
function toGear(
  { brandName, modelName, edits, ...gear }: OwnGear,
): z.input<typeof Gear> {
  const fields = Object.keys(COLUMNS) as Field[];
  return {
    ...gear,
    kind: toKind(gear.id),
    brand: brandName,
    model: modelName,
    edited: fields.filter((field) => COLUMNS[field] in edits),
  };
}

/** Returns the kind of gear by its id: `b...` is a bike, also at Strava, and `gear_...` is unknown. */
function toKind(id: string): "bike" | "shoes" | null {
  if (id.startsWith("gear_")) return null;
  return id.startsWith("b") ? "bike" : "shoes";
}
