import {
  AthleteValue,
  AthleteValues,
  AthleteValuesInput,
  DeleteAthleteValueInput,
  DeletedAthleteValue,
  SetAthleteValueInput,
  ValidAthleteValues,
  ValidAthleteValuesInput,
} from "@paceline/sdk/schemas";
import { localDate } from "../activities/local_time.ts";
import { AppError } from "../errors.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { deleteOwnValue, setOwnValue } from "./change_values.ts";
import { findLastValues, listAthleteValues } from "./resolve_values.ts";

/** Athlete values: weight, heart rates, thresholds and zones. Only owners see them. */
export const athleteValuesRouter = router({
  /** Lists the values of a kind, or of all. */
  list: ownerProcedure
    .meta({
      scope: "athlete:read",
      cost: 3,
      openapi: {
        method: "GET",
        path: "/api/athlete-values",
        tags: ["athlete values"],
        summary: "List athlete values",
        description:
          "Weight, heart rates, thresholds and zones, each with the local date from which it holds and " +
          "its source. On one date a value set by hand wins over one of a file, and that over Strava's. " +
          "A value is listed only where it changes. Nobody but the owner sees them.",
      },
    })
    .input(AthleteValuesInput)
    .output(AthleteValues)
    .query(async ({ ctx, input: { kind } }) => {
      const athleteId = ctx.athlete.id;
      const values = await listAthleteValues(ctx.sql, { athleteId });
      return {
        data: values.filter((each) => kind === undefined || each.kind === kind),
      };
    }),

  /** Returns the values that hold on a date. */
  valid: ownerProcedure
    .meta({
      scope: "athlete:read",
      cost: 3,
      openapi: {
        method: "GET",
        path: "/api/athlete-values/valid",
        tags: ["athlete values"],
        summary: "Get the athlete values of a date",
        description:
          "For each kind the value that holds on the date: the last one up to it. A kind without a " +
          "value up to the date is missing.",
      },
    })
    .input(ValidAthleteValuesInput)
    .output(ValidAthleteValues)
    .query(async ({ ctx, input }) => {
      const { athlete, now, sql } = ctx;
      const { date = localDate(now(), athlete) } = input;
      const options = { athleteId: athlete.id, until: date };
      return {
        date,
        data: findLastValues(await listAthleteValues(sql, options)),
      };
    }),

  /** Sets a value by hand. */
  set: ownerProcedure
    .meta({
      scope: "athlete:write",
      openapi: {
        method: "POST",
        path: "/api/athlete-values/set",
        tags: ["athlete values"],
        summary: "Set an athlete value",
        description:
          "Sets the value of a kind from a date on. It replaces one that was set for the same date, and " +
          "wins over those of files and Strava on that date. Zones have `bounds`, other kinds a `value`.",
      },
      errors: ["too_many_athlete_values"],
      example: {
        kind: "weight",
        date: "2025-12-06",
        value: 68.4,
        bounds: null,
        source: "owner",
      },
    })
    .input(SetAthleteValueInput)
    .output(AthleteValue)
    .mutation(async ({ ctx, input }) => {
      const { kind, date, value = null, bounds = null } = input;
      const athleteId = ctx.athlete.id;
      const set = { kind, date, value, bounds };
      const result = await setOwnValue(ctx, { athleteId, ...set });
      if (result !== "set") throw new AppError(result);
      return { ...set, source: "owner" };
    }),

  /** Deletes a value that was set by hand. */
  delete: ownerProcedure
    .meta({
      scope: "athlete:write",
      openapi: {
        method: "POST",
        path: "/api/athlete-values/delete",
        tags: ["athlete values"],
        summary: "Delete an athlete value",
        description:
          "Deletes a value that was set by hand. A value of a file or of Strava for the same date counts " +
          "again.",
      },
      errors: ["athlete_value_not_found"],
    })
    .input(DeleteAthleteValueInput)
    .output(DeletedAthleteValue)
    .mutation(async ({ ctx, input: { kind, date } }) => {
      const athleteId = ctx.athlete.id;
      const isDeleted = await deleteOwnValue(ctx, { athleteId, kind, date });
      if (!isDeleted) throw new AppError("athlete_value_not_found");
      return { status: "deleted", kind, date };
    }),
});
