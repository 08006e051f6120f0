import * as z from "zod";
import { athleteInput } from "./athlete.ts";

/** A kind of athlete values: the least and the greatest value, and their unit. */
interface KindLimits {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

const HEART_RATE = { min: 20, max: 250, unit: "beats per minute" };
const SPEED = { min: 0.3, max: 12, unit: "m/s" };

/** The kinds of athlete values. The limits of zones are those of each bound. */
export const ATHLETE_VALUE_LIMITS = {
  weight: { min: 20, max: 300, unit: "kg" },
  resting_heartrate: { min: 20, max: 150, unit: "beats per minute" },
  max_heartrate: { min: 80, max: 250, unit: "beats per minute" },
  threshold_heartrate: { min: 60, max: 240, unit: "beats per minute" },
  ftp: { min: 20, max: 1000, unit: "W" },
  threshold_speed: { ...SPEED, min: 0.5 },
  heartrate_zones: HEART_RATE,
  power_zones: { min: 1, max: 3000, unit: "W" },
  speed_zones: SPEED,
} as const satisfies Readonly<Record<string, KindLimits>>;

type Kind = keyof typeof ATHLETE_VALUE_LIMITS;

/** Most bounds between zones. Ten zones have nine. */
const MAX_BOUNDS = 9;

/** Values of one kind that an owner can set: one a day for 27 years. */
export const MAX_OWN_VALUES = 10_000;

const kinds = Object.keys(ATHLETE_VALUE_LIMITS) as [Kind, ...Kind[]];

/** A kind of athlete values. */
export const AthleteValueKind = z.enum(kinds).meta({
  id: "AthleteValueKind",
  description:
    "A kind of athlete values: `weight` in kg; `resting_heartrate`, `max_heartrate` and " +
    "`threshold_heartrate` in beats per minute; `ftp`, the functional threshold power, in watts; " +
    "`threshold_speed`, the threshold pace of runs as metres per second; and the zones of each",
});

/** A local date from 1950 to 2099. */
const LocalDate = z.iso.date().regex(
  /^(19[5-9]\d|20\d\d)-/,
  "must be a date from 1950-01-01 to 2099-12-31",
);

const date = LocalDate.meta({
  description: "The local date from which the value holds",
  example: "2025-12-06",
});

const value = z.number().meta({ description: "The value", example: 68.4 });

const bounds = z.array(z.number()).min(1).max(MAX_BOUNDS).meta({
  description:
    "The ascending bounds between zones. The first zone lies below the first bound; each bound belongs " +
    "to the zone above it",
  example: [120, 140, 155, 170],
});

/** A value of the athlete. */
export const AthleteValue = z.object({
  kind: AthleteValueKind.meta({ example: "weight" }),
  date,
  value: value.nullable().meta({
    description: "The value. Null for zones",
    example: 68.4,
  }),
  bounds: z.array(z.number()).nullable().meta({
    description: "The ascending bounds between zones. Null for other kinds",
    example: null,
  }),
  source: z.enum(["owner", "file", "strava"]).meta({
    description:
      "Where the value comes from: `owner` was set by hand, `file` is the profile that a device stored " +
      "in an activity's file, `strava` is Strava's profile",
    example: "owner",
  }),
}).meta({
  id: "AthleteValue",
  description: "A value of the athlete, such as the weight",
});

/** The athlete values, by kind and date. */
export const AthleteValues = z.object({
  data: z.array(AthleteValue).meta({
    description: "The values by kind, each kind's oldest first",
  }),
}).meta({ id: "AthleteValues", description: "Values of the athlete" });

/** The athlete values that hold on a date. */
export const ValidAthleteValues = z.object({
  date: LocalDate.meta({
    description: "The local date",
    example: "2025-12-31",
  }),
  data: z.array(AthleteValue).meta({
    description: "For each kind with a value, the one that holds on the date",
  }),
}).meta({
  id: "ValidAthleteValues",
  description: "The athlete values that hold on a date",
});

/** The values to list. */
export const AthleteValuesInput = z.strictObject({
  kind: AthleteValueKind.optional().meta({
    description: "Lists only this kind",
    example: "weight",
  }),
  ...athleteInput,
}).default({});

/** The date on which values hold. */
export const ValidAthleteValuesInput = z.strictObject({
  date: LocalDate.optional().meta({
    description: "A local date. Default: today",
    example: "2025-12-31",
  }),
  ...athleteInput,
}).default({});

/** A value that the owner sets. */
export const SetAthleteValueInput = z.strictObject({
  kind: AthleteValueKind.meta({ example: "weight" }),
  date,
  value: value.optional(),
  bounds: bounds.optional().meta({
    description: `${bounds.meta()!.description}. Only for zones`,
    example: undefined,
  }),
  ...athleteInput,
}).superRefine(({ kind, value, bounds }, ctx) => {
  const refuse = (field: "value" | "bounds", message: string) =>
    ctx.addIssue({ code: "custom", path: [field], message });
  const isZones = kind.endsWith("_zones");
  if (isZones && value !== undefined) {
    refuse("value", `must be missing for \`${kind}\`, which has \`bounds\``);
  }
  if (!isZones && bounds !== undefined) {
    refuse("bounds", `must be missing for \`${kind}\`, which has a \`value\``);
  }
  const numbers = isZones ? bounds : value === undefined ? undefined : [value];
  const field = isZones ? "bounds" : "value";
  if (!numbers) return refuse(field, `is required for \`${kind}\``);
  const { min, max, unit } = ATHLETE_VALUE_LIMITS[kind];
  if (!numbers.every((each) => each >= min && each <= max)) {
    refuse(field, `must be between ${min} and ${max} ${unit} for \`${kind}\``);
  }
  if (numbers.some((each, i) => i > 0 && each <= numbers[i - 1]!)) {
    refuse(field, "must be ascending");
  }
});

/** The value to delete. */
export const DeleteAthleteValueInput = z.strictObject({
  kind: AthleteValueKind.meta({ example: "weight" }),
  date,
  ...athleteInput,
});

/** The deleted value. */
export const DeletedAthleteValue = z.object({
  status: z.literal("deleted"),
  kind: AthleteValueKind.meta({ example: "weight" }),
  date,
}).meta({
  id: "DeletedAthleteValue",
  description: "The athlete value that was deleted",
});
