import * as z from "zod";
import { ReconnectNeeded } from "./admin.ts";
import { Amount, Instant } from "./parts.ts";

/** Who may see an athlete. */
export const Visibility = z.enum(["private", "link", "public"]).meta({
  description:
    "Who may see the statistics and, as `PUBLIC_VISIBILITY` allows, the activities: `private` the " +
    "owner alone, `link` whoever has the share token, `public` everyone",
  example: "link",
});

/** Whose athlete it is. */
export const AthleteOwner = z.object({
  id: z.uuid().meta({ example: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e" }),
  username: z.string().meta({ example: "ada" }),
  display_name: z.string().meta({ example: "Ada Example" }),
}).meta({ id: "AthleteOwner", description: "Whose athlete it is" });

/** An athlete as its owner sees it. */
export const Athlete = z.object({
  id: Amount.meta({ description: "Strava's id", example: 7654321 }),
  name: z.string().meta({ example: "Ada Example" }),
  owner: AthleteOwner.nullable().meta({
    description: "Null for the instance's own",
  }),
  is_default: z.boolean().meta({
    description: "Whether it is meant where the owner names none",
    example: true,
  }),
  visibility: Visibility,
  share_token: z.string().nullable().meta({
    description:
      "What opens a shared athlete, as `athlete` of any read; null where none was made, and for API keys",
    example: "ps_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe",
  }),
  connected: z.boolean().meta({
    description: "Whether there is a grant to sync with",
    example: true,
  }),
  reconnect_needed: ReconnectNeeded.nullable().meta({
    description: "Null while Strava accepts the grant, or where there is none",
    example: null,
  }),
  connected_at: Instant,
  activities: Amount.meta({ description: "Stored activities", example: 1132 }),
  first_sync_done: z.boolean().meta({
    description: "Whether the whole history has been walked through",
    example: true,
  }),
  last_success_at: Instant.nullable().meta({
    description: "When the last successful sync ended",
  }),
}).meta({ id: "Athlete", description: "An athlete as its owner sees it" });

/** The caller's athletes. */
export const Athletes = z.object({
  data: z.array(Athlete).meta({
    description: "Each owner's default first; the instance's own last",
  }),
}).meta({ id: "Athletes", description: "The caller's athletes" });

/** What changes is said of one athlete by name: a default would hit the wrong one one day. */
const ownAthlete = {
  athlete: Amount.positive().meta({
    description: "Strava's id",
    example: 7654321,
  }),
};

/** Which athlete is changed. */
export const OwnAthleteInput = z.strictObject(ownAthlete);

/** Who may see which athlete from now on. */
export const SetVisibilityInput = z.strictObject({
  ...ownAthlete,
  visibility: Visibility,
});
