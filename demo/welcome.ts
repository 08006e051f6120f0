import { DEMO_USER } from "./user.ts";

/** Returns the demo's welcome text: what to open and what to try. */
export async function toWelcome(
  { url, stravaUrl, seconds, apiKey, logFile }: {
    url: string;
    stravaUrl: string;
    seconds: string;
    apiKey: string;
    logFile: string;
  },
): Promise<string> {
  const ytd = await fetch(`${url}/strava/stats/ytd`, {
    headers: { "x-api-key": apiKey },
  });
  const { data: { run } } = await ytd.json();
  return `
Ready after ${seconds} s. This year so far: ${run.count} runs, ${
    (run.distance / 1000).toFixed(1)
  } km

  Web app             ${url}
  Documentation       ${url}/docs
  This year so far    ${url}/strava/stats/ytd
  Connect again       ${url}/strava/authorize
  Simulated Strava    ${stravaUrl}
  Log in as           ${DEMO_USER.username}, password "${DEMO_USER.password}" (in the web app)
  Server log          ${logFile}

Try:

  curl ${url}/strava/stats/yearly
  curl '${url}/strava/activities?year=2025&limit=2'
  curl -X POST -H 'X-API-Key: ${apiKey}' ${url}/strava/refresh-data
  curl -H 'content-type: application/json' ${url}/api/auth/login \\
    -d '{"username":"${DEMO_USER.username}","password":"${DEMO_USER.password}"}'

Ctrl-C ends everything.`;
}
