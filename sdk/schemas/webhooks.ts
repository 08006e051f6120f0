import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** The number of push events that were dropped for one reason. */
export const DroppedEvents = z.object({
  reason: z.string().meta({
    description: "Why the events were dropped",
    example: "unknown_owner",
  }),
  count: Amount.meta({ description: "Number of dropped events", example: 2 }),
  last_at: Instant.meta({ description: "When the last one was dropped" }),
}).meta({
  id: "DroppedEvents",
  description: "The number of push events that were dropped for one reason",
});

/** The state of Strava's push events. */
export const Webhooks = z.object({
  enabled: z.boolean().meta({
    description: "Whether `PUBLIC_URL` and `WEBHOOK_VERIFY_TOKEN` are set",
    example: true,
  }),
  subscription_id: Amount.nullable().meta({
    description: "Strava's id of the subscription. Null if there is none",
    example: 120475,
  }),
  checked_at: Instant.nullable().meta({
    description: "When Strava last reported the subscription",
  }),
  last_event_at: Instant.nullable().meta({
    description: "When the last event was stored",
  }),
  waiting: Amount.meta({
    description: "Number of stored events that are not processed yet",
    example: 0,
  }),
  dropped: z.array(DroppedEvents).meta({
    description: "Dropped events by reason, since the database was created",
  }),
}).meta({ id: "Webhooks", description: "The state of Strava's push events" });
