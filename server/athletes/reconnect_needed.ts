import type { ReconnectNeeded } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { Context } from "../context.ts";

/** Returns since when Strava refuses the grant and the URL for reconnecting; null while the grant works. */
export function toReconnectNeeded(
  { config }: Context,
  { deadSince }: { deadSince: Date | null },
): z.input<typeof ReconnectNeeded> | null {
  const url = new URL("authorize", config.strava.redirectUri).href;
  return deadSince && { since: deadSince, url };
}
