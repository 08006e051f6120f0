import * as z from "zod";
import { ReconnectNeeded } from "./admin.ts";
import { Amount, Instant } from "./parts.ts";

/** The audience of an athlete. */
export const Visibility = z.enum(["private", "link", "public"]).meta({
  description:
    "Audience of the statistics and of the activities that `PUBLIC_VISIBILITY` allows. " +
    "`private`: only the owner. `link`: everyone with the share token. `public`: everyone",
  example: "link",
});

/** The user who owns an athlete. */
export const AthleteOwner = z.object({
  id: z.uuid().meta({
    description: "User id",
    example: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e",
  }),
  username: z.string().meta({ description: "Username", example: "ada" }),
  display_name: z.string().meta({
    description: "Name that others see",
    example: "Ada Example",
  }),
}).meta({ id: "AthleteOwner", description: "The user who owns an athlete" });

/** An athlete as the owner sees it. */
export const Athlete = z.object({
  id: Amount.meta({ description: "Strava's athlete id", example: 7654321 }),
  name: z.string().meta({
    description: "Name at Strava",
    example: "Ada Example",
  }),
  owner: AthleteOwner.nullable().meta({
    description: "The owner. Null if the athlete belongs to the instance",
  }),
  is_default: z.boolean().meta({
    description: "Whether requests of the owner without `athlete` use this one",
    example: true,
  }),
  visibility: Visibility,
  share_token: z.string().nullable().meta({
    description:
      "Token that opens a shared athlete, as the `athlete` of a read. Null if there is none, " +
      "and for API keys",
    example: "ps_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe",
  }),
  connected: z.boolean().meta({
    description: "Whether there is a grant to sync with",
    example: true,
  }),
  reconnect_needed: ReconnectNeeded.nullable().meta({
    description:
      "Set if Strava refuses the athlete's grant. Null if it is accepted, or if there is no " +
      "grant",
    example: null,
  }),
  connected_at: Instant.meta({
    description: "When the athlete connected last",
  }),
  activities: Amount.meta({
    description: "Number of stored activities",
    example: 1132,
  }),
  first_sync_done: z.boolean().meta({
    description: "Whether all activities have been synced once",
    example: true,
  }),
  last_success_at: Instant.nullable().meta({
    description: "When the last successful sync ended",
  }),
}).meta({ id: "Athlete", description: "An athlete as the owner sees it" });

/** The caller's athletes. */
export const Athletes = z.object({
  data: z.array(Athlete).meta({
    description:
      "The athletes. Each owner's default is first, the instance's own athletes are last",
  }),
}).meta({ id: "Athletes", description: "The caller's athletes" });

/** Changes require an explicit athlete: a default could change over time and hit the wrong one. */
const ownAthlete = {
  athlete: Amount.positive().meta({
    description: "Strava's athlete id",
    example: 7654321,
  }),
};

/** The athlete to change. */
export const OwnAthleteInput = z.strictObject(ownAthlete);

/** The new audience of an athlete. */
export const SetVisibilityInput = z.strictObject({
  ...ownAthlete,
  visibility: Visibility,
});
