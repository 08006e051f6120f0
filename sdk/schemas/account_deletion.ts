import * as z from "zod";
import { Amount } from "./parts.ts";

/** The password, so that nobody else deletes the account. */
export const DeleteAccountInput = z.strictObject({
  password: z.string().min(1).max(1024).meta({
    description: "The user's password, given once more",
    format: "password",
  }),
});

/** An athlete whose data is gone. */
export const DeletedAthlete = z.object({
  id: Amount.meta({ description: "Strava's id", example: 7654321 }),
  revoked_at_strava: z.boolean().meta({
    description:
      "False where Strava did not answer, then end it at https://www.strava.com/settings/apps, or where no grant was left",
    example: true,
  }),
}).meta({
  id: "DeletedAthlete",
  description: "An athlete whose data is gone",
});

/** What went with the account. */
export const AccountDeleted = z.object({
  status: z.literal("deleted"),
  athletes: z.array(DeletedAthlete).meta({
    description: "Those that this call has ended",
  }),
}).meta({ id: "AccountDeleted", description: "What went with the account" });
