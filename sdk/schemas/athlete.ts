import * as z from "zod";

const AthleteId = z.number().int().positive();

/** Which athlete: by Strava's id, or by the token of a share link. */
export const AthleteRef = z.union([
  // A pipe, since trpc-to-openapi takes no plain number beside a text for a parameter.
  AthleteId.pipe(AthleteId),
  z.string().regex(/^ps_[\w-]{43}$/),
], "must be a Strava athlete id or the token of a share link");

/** What every input about one athlete has. */
export const athleteInput = {
  athlete: AthleteRef.optional().meta({
    description:
      "Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete " +
      "and, for who has none, the one that the instance shows to everyone",
    example: 7654321,
  }),
};

/** Which athlete, and nothing else. */
export const AthleteInput = z.strictObject(athleteInput).default({});
