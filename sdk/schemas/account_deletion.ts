import * as z from "zod";
import { Amount } from "./parts.ts";

/** The password of the user, so that nobody else can delete the account. */
export const DeleteAccountInput = z.strictObject({
  password: z.string().min(1).max(1024).meta({
    description: "The user's password, as confirmation",
    format: "password",
  }),
});

/** An athlete whose data was deleted. */
export const DeletedAthlete = z.object({
  id: Amount.meta({ description: "Strava's athlete id", example: 7654321 }),
  revoked_at_strava: z.boolean().meta({
    description:
      "Whether Strava confirmed the revocation. If false, Strava did not answer, so revoke " +
      "access at https://www.strava.com/settings/apps, or there was no grant",
    example: true,
  }),
}).meta({
  id: "DeletedAthlete",
  description: "An athlete whose data was deleted",
});

/** The response of an account deletion. */
export const AccountDeleted = z.object({
  status: z.literal("deleted"),
  athletes: z.array(DeletedAthlete).meta({
    description: "The athletes that this request deleted",
  }),
}).meta({
  id: "AccountDeleted",
  description: "The deleted account's athletes",
});
