import type { Webhooks } from "@paceline/sdk/schemas";
import type * as z from "zod";
import {
  countWaitingEvents,
  listEventCounts,
} from "../../db/webhook_events.ts";
import { getKnownSubscription } from "../../db/webhook_subscriptions.ts";
import type { Context } from "../context.ts";

/** Returns the state of push events for the administrator. */
export async function getWebhookStatus(
  { sql, config }: Context,
): Promise<z.input<typeof Webhooks>> {
  const { clientId } = config.strava;
  const [known, waiting, counts] = await Promise.all([
    getKnownSubscription(sql, { clientId }),
    countWaitingEvents(sql),
    listEventCounts(sql),
  ]);
  const isStored = (kind: string): boolean => kind === "stored";
  return {
    enabled: config.webhook !== undefined,
    subscription_id: known?.id ?? null,
    checked_at: known?.checkedAt ?? null,
    last_event_at: counts.find(({ kind }) => isStored(kind))?.lastAt ?? null,
    waiting,
    dropped: counts.filter(({ kind }) => !isStored(kind))
      .map(({ kind, count, lastAt }) => ({
        reason: kind,
        count,
        last_at: lastAt,
      })),
  };
}
