import { createSetUpCode } from "../server/accounts/set_up.ts";
import type { Config } from "../server/config.ts";

/** Instructions for a person without a Strava application. */
const STRAVA_SETUP = `To sync with Strava as well:

  1. Create an application at https://www.strava.com/settings/api
     with "localhost" as its Authorization Callback Domain
  2. cp .env.example .env
  3. Set in .env what that page shows:
       STRAVA_CLIENT_ID=       the Client ID
       STRAVA_CLIENT_SECRET=   the Client Secret

To look around with a simulated Strava and athlete:  deno task demo
`;

/**
 * Returns what to open and run next, for a person who has started the server. The addresses are those
 * of `STRAVA_REDIRECT_URI`: a sign-in at Strava must return to the host name where it began.
 */
export function toNextSteps(
  { strava, stateSecret }: Pick<Config, "strava" | "stateSecret">,
  { needsSetUp }: { needsSetUp: boolean },
): string {
  const toUrl = (path: string): string =>
    new URL(path, strava.redirectUri).href;
  const steps = [
    ...needsSetUp
      ? [
        ["Create your account", toUrl("../set-up")],
        ["  with the set-up code", createSetUpCode({ stateSecret })],
      ]
      : [["See your training", toUrl("../")]],
    ...strava.hasApp
      ? [["Connect your Strava account", toUrl("authorize")]]
      : [],
    ["Import files", "deno task paceline import FILE..."],
    ["Try the API", toUrl("../docs")],
  ].map(([what, how]) => `  ${what!.padEnd(29)} ${how}`);
  const setup = strava.hasApp ? "" : `\n${STRAVA_SETUP}`;
  return `\nPaceline is ready. Next:\n\n${steps.join("\n")}\n${setup}`;
}
