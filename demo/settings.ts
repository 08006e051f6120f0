import {
  DEMO_CLIENT_ID,
  DEMO_CLIENT_SECRET,
} from "../strava_simulator/simulator.ts";
import {
  type Environment,
  findProblem,
  readEnvironment,
} from "../cli/environment.ts";
import { createRandomText } from "../server/crypto/random_text.ts";

/** Settings in `.env` that belong to another Strava application, database or machine. */
const NOT_FROM_FILE = [
  "DATABASE_DIRECT_URL",
  "DATABASE_OWNER_URL",
  "DATABASE_URL",
  "POSTGRES_APP_USER",
  "POSTGRES_DB",
  "POSTGRES_HOST",
  "POSTGRES_PASSWORD",
  "POSTGRES_PORT",
  "POSTGRES_USER",
  "PUBLIC_URL",
  "ENCRYPTION_KEYS_OLD",
  "STRAVA_WEBHOOK_SIGNING_SECRET",
  "WEBHOOK_VERIFY_TOKEN",
];

/** Settings of the demo's server. The database and the simulated Strava add theirs. */
export interface DemoSettings {
  port: number;
  count: number;
  env: Environment;
}

/**
 * Reads the settings of the environment and of `.env`. The demo sets only those of the parts that it
 * starts itself. Returns what is wrong with the settings as a sentence.
 */
export async function readSettings(
  { athletes }: { athletes: readonly number[] },
): Promise<DemoSettings | { problem: string; code: number }> {
  const given = await readEnvironment();
  for (const name of NOT_FROM_FILE) delete given[name];
  const port = readNumber(given["PORT"], { usual: 5001, max: 65_535 });
  const count = readNumber(Deno.env.get("ACTIVITIES"), {
    usual: 3000,
    max: 100_000,
  });
  if (typeof port === "string") return { problem: `PORT ${port}`, code: 2 };
  if (typeof count === "string") {
    return { problem: `ACTIVITIES ${count}`, code: 2 };
  }
  const env = {
    FRONTEND_URL: `http://localhost:${port}`,
    LOG_FORMAT: "json",
    ...given,
    ENVIRONMENT: "development",
    PORT: String(port),
    HOST: "127.0.0.1",
    PROCESSES: "1",
    INTERNAL_API_KEY: createRandomText(32),
    STATE_SECRET: createRandomText(32),
    ENCRYPTION_KEY: createRandomText(32),
    STRAVA_CLIENT_ID: DEMO_CLIENT_ID,
    STRAVA_CLIENT_SECRET: DEMO_CLIENT_SECRET,
    STRAVA_REDIRECT_URI: `http://localhost:${port}/strava/callback`,
    ALLOWED_ATHLETES: athletes.join(","),
  };
  const problem = findProblem(env);
  return problem === undefined ? { port, count, env } : { problem, code: 1 };
}

function readNumber(
  given: string | undefined,
  { usual, max }: { usual: number; max: number },
): number | string {
  const text = given || String(usual);
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= 1 && value <= max
    ? value
    : `must be a number from 1 to ${max}, not "${text}"`;
}
