import type { ReconnectNeeded } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { Context } from "../context.ts";

/** For an athlete whose grant Strava refuses: since when, and where to connect again. */
export function toReconnectNeeded(
  { config }: Context,
  { deadSince }: { deadSince: Date | null },
): z.input<typeof ReconnectNeeded> | null {
  const url = new URL("authorize", config.strava.redirectUri).href;
  return deadSince && { since: deadSince, url };
}
