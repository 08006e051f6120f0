import type { Config } from "../server/config.ts";

/**
 * Returns what to open and run next, for a person who has started the server. The addresses are those
 * of `STRAVA_REDIRECT_URI`: a sign-in at Strava must return to the host name where it began.
 */
export function toNextSteps({ strava }: Pick<Config, "strava">): string {
  const toUrl = (path: string): string =>
    new URL(path, strava.redirectUri).href;
  return `
Paceline is ready. Next:

  Connect your Strava account   ${toUrl("authorize")}
  Try the API                   ${toUrl("../docs")}
  See how the sync goes         ${toUrl("../")}
  Create a user                 deno task user create --admin
`;
}
