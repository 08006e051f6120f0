import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Instant, Metres, Seconds } from "./parts.ts";
import { EditedField, SourceId } from "./activity_source.ts";

const MAX_IDS = 200;
const MAX_SECONDS = 10_000_000;

const ActivityId = z.number().int().positive();

const ids = z.array(ActivityId).min(1).max(MAX_IDS).refine(
  (each) => new Set(each).size === each.length,
  "must not name an activity twice",
).meta({ description: "Ids of activities", example: [16543210987] });

/** Lists show the name on one line. */
const Name = z.string().trim().min(1).max(500).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be one line without control characters",
);

const Description = z.string().trim().max(10_000).refine(
  (text) => !text.includes("\0"),
  "must not contain the character NUL",
);

const SportType = z.string().regex(
  /^[A-Z][A-Za-z]{1,39}$/,
  "must be one of Strava's sport types, such as TrailRun",
);

const Visibility = z.enum(["everyone", "followers_only", "only_me"]);

/** The fields that an owner can set. */
const fields = {
  name: Name.meta({ description: "Name", example: "Morning Run" }),
  sport_type: SportType.meta({
    description: "Strava's sport type",
    example: "TrailRun",
  }),
  description: Description.nullable().meta({
    description: "Description. Null removes it",
    example: "With Ada along the river",
  }),
  gear_id: z.string().regex(/^\w{1,32}$/, "must be an id such as g3423618")
    .nullable().meta({
      description: "Id of the shoes or bike. Null removes them",
      example: "g3423618",
    }),
  visibility: Visibility.meta({
    description: "The people who may see the activity",
    example: "everyone",
  }),
  commute: z.boolean().meta({ description: "Whether it was a commute" }),
  race: z.boolean().meta({ description: "Whether it was a race" }),
  trainer: z.boolean().meta({
    description: "Whether it took place on a trainer or treadmill",
  }),
};

/** Edits of activities. */
export const UpdateActivitiesInput = z.strictObject({
  ids,
  set: z.strictObject({
    ...fields,
    excluded: z.boolean().meta({
      description:
        "Whether statistics leave the activity out. Lists and exports still have it",
    }),
    preferred_source: SourceId.meta({
      description: "The imported recording whose totals the activity has",
    }),
  }).partial().optional().meta({
    description: "New values. They win over every source",
    example: { name: "Morning Run" },
  }),
  reset: z.array(EditedField).max(EditedField.options.length).optional().meta({
    description: "Fields that get the value of their source again",
    example: ["sport_type"],
  }),
  ...athleteInput,
}).superRefine(({ set = {}, reset = [] }, ctx) => {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  if (given.length + reset.length === 0) {
    ctx.addIssue("Give at least one field to set or to reset");
  }
  const both = given.find(([field]) =>
    (reset as readonly string[]).includes(field)
  );
  if (both) ctx.addIssue(`Either set or reset ${both[0]}`);
});

/** The result of editing activities. */
export const UpdatedActivities = z.object({
  status: z.literal("updated"),
  ids: z.array(ActivityId).meta({ example: [16543210987] }),
}).meta({ id: "UpdatedActivities", description: "The edited activities" });

/** An activity without a file, entered by hand. */
export const CreateActivityInput = z.strictObject({
  name: fields.name,
  sport_type: fields.sport_type,
  start_date_local: z.iso.datetime({ local: true, offset: false }).regex(
    /^(19[5-9]|20)\d[^Z]*$/,
    "must be a wall-clock time from 1950 on, such as 2025-12-06T09:30:12",
  ).meta({
    description: "Start time on the athlete's wall clock, without a zone",
    example: "2025-12-06T09:30:12",
  }),
  timezone: z.string().max(64).meta({
    description: "IANA name of the time zone",
    example: "Europe/Berlin",
  }),
  elapsed_time: Seconds.min(1).max(MAX_SECONDS).meta({
    description: "Seconds from the start to the end",
    example: 3050,
  }),
  moving_time: Seconds.min(0).max(MAX_SECONDS).optional().meta({
    description: "Seconds in motion. Default: `elapsed_time`",
    example: 2912,
  }),
  distance: Metres.min(0).max(1e8).optional().meta({ example: 10234.5 }),
  total_elevation_gain: Metres.min(0).max(1e6).optional().meta({
    example: 143.2,
  }),
  average_heartrate: z.number().min(20).max(254).optional().meta({
    description: "Beats per minute",
    example: 148.3,
  }),
  max_heartrate: z.number().min(20).max(254).optional().meta({
    description: "Beats per minute",
    example: 171,
  }),
  description: fields.description.optional(),
  gear_id: fields.gear_id.optional(),
  visibility: fields.visibility.optional().meta({
    description: "The people who may see the activity. Default: `only_me`",
    example: "only_me",
  }),
  commute: fields.commute.optional(),
  race: fields.race.optional(),
  trainer: fields.trainer.optional(),
  ...athleteInput,
}).superRefine(({ moving_time: moving = 0, elapsed_time: elapsed }, ctx) => {
  if (moving > elapsed) {
    ctx.addIssue({
      code: "custom",
      path: ["moving_time"],
      message: "must not exceed `elapsed_time`",
    });
  }
});

/** The result of entering an activity by hand. */
export const CreatedActivity = z.object({
  status: z.enum(["created", "merged", "unchanged"]).meta({
    description:
      "`created`; `merged` if the entry became a source of an activity that was there; " +
      "`unchanged` if the same was entered before",
    example: "created",
  }),
  id: ActivityId.meta({
    description: "Id of the activity that has the entry as a source",
    example: 4503599627370497,
  }),
}).meta({
  id: "CreatedActivity",
  description: "The result of entering an activity by hand",
});

/** The activities to delete. */
export const DeleteActivitiesInput = z.strictObject({ ids, ...athleteInput });

/** The deleted activities. */
export const DeletedActivities = z.object({
  status: z.literal("deleted"),
  ids: z.array(ActivityId).meta({
    description: "Ids of those activities that were there",
    example: [16543210987],
  }),
}).meta({ id: "DeletedActivities", description: "The deleted activities" });

/** The activities to restore. */
export const RestoreActivitiesInput = z.strictObject({ ids, ...athleteInput });

/** The restored activities. */
export const RestoredActivities = z.object({
  status: z.literal("restored"),
  ids: z.array(ActivityId).meta({
    description: "Ids of those activities that were deleted",
    example: [16543210987],
  }),
}).meta({ id: "RestoredActivities", description: "The restored activities" });

/** A deleted activity. */
export const DeletedActivity = z.object({
  id: ActivityId.meta({ example: 16543210987 }),
  name: z.string().meta({ example: "Morning Run" }),
  sport_type: z.string().meta({ example: "TrailRun" }),
  start_date_local: z.string().meta({
    description: "Start time on the athlete's wall clock",
    example: "2025-12-06T09:30:12",
  }),
  distance: Metres.meta({ example: 10234.5 }),
  deleted_at: Instant,
  deleted_by: z.enum(["owner", "strava"]).meta({
    description: "`strava` if Strava no longer has it",
    example: "owner",
  }),
}).meta({ id: "DeletedActivity", description: "A deleted activity" });

/** The deleted activities, the last deleted first. */
export const Trash = z.object({ data: z.array(DeletedActivity) }).meta({
  id: "Trash",
  description: "The deleted activities, the last deleted first",
});

/** The number of deleted activities to list. */
export const TrashInput = z.strictObject({
  limit: z.number().int().min(1).max(MAX_IDS).default(50).meta({
    description: "Number of activities",
  }),
  ...athleteInput,
}).default({ limit: 50 });

/** Activities to merge into one. */
export const MergeActivitiesInput = z.strictObject({
  id: ActivityId.meta({
    description: "The activity that stays",
    example: 16543210987,
  }),
  ids: z.array(ActivityId).min(1).max(20).meta({
    description: "The activities that become sources of it",
    example: [4503599627370497],
  }),
  ...athleteInput,
}).superRefine(({ id, ids: others }, ctx) => {
  if (new Set([id, ...others]).size !== others.length + 1) {
    ctx.addIssue("must not name an activity twice");
  }
});

/** The result of a merge. */
export const MergedActivity = z.object({
  status: z.literal("merged"),
  id: ActivityId.meta({ example: 16543210987 }),
}).meta({ id: "MergedActivity", description: "The activity that stayed" });

/** Sources to split off. */
export const SplitActivityInput = z.strictObject({
  id: ActivityId.meta({
    description: "The activity to take sources from",
    example: 16543210987,
  }),
  sources: z.array(SourceId).min(1).max(50).meta({
    description:
      "The sources that become an activity together. At most one of Strava's activities",
    example: ["strava:16543210988"],
  }).refine(
    (each) => new Set(each).size === each.length,
    "must not name a source twice",
  ).refine(
    (each) => each.filter((id) => id.startsWith("strava:")).length < 2,
    "must not name two of Strava's activities",
  ),
  ...athleteInput,
});

/** The result of a split. */
export const SplitActivity = z.object({
  status: z.literal("split"),
  id: ActivityId.meta({
    description: "Id of the activity that the sources now are",
    example: 4503599627370497,
  }),
}).meta({
  id: "SplitActivity",
  description: "The activity that was split off",
});
