import type { z } from "zod";

/** The variables that are set. */
type Values = Readonly<Record<string, string>>;

/** The parts of a Strava application, and where to find each. */
const STRAVA_APP = {
  STRAVA_CLIENT_ID: "Client ID",
  STRAVA_CLIENT_SECRET: "Client Secret",
} as const;

/** Reports whether any part of a Strava application is set. */
function hasStravaApp(values: Values): boolean {
  return Object.keys(STRAVA_APP).some((name) => values[name]);
}

/**
 * Returns the problems of the Strava application. It may be missing as a whole: then athletes have
 * imported files only, and Strava cannot send push events.
 */
export function listStravaProblems(values: Values): string[] {
  const needed = hasStravaApp(values) || values["WEBHOOK_VERIFY_TOKEN"];
  return Object.entries(STRAVA_APP)
    .filter(([name]) => needed && !values[name])
    .map(([name, label]) =>
      `${name} is not set: it is the ${label} shown on https://www.strava.com/settings/api`
    );
}

/** Returns the problems that only matter in production. */
export function listProductionProblems(values: Values): string[] {
  const problems: string[] = [];
  const secrets = [
    "INTERNAL_API_KEY",
    "STATE_SECRET",
    "ENCRYPTION_KEY",
  ] as const;
  for (const name of secrets) {
    const value = values[name];
    if (value === undefined) continue;
    if (secrets.some((other) => other !== name && values[other] === value)) {
      problems.push(`${name} must not repeat another secret`);
    }
    if (isWeak(value)) {
      problems.push(
        `${name} is easy to guess: create one with \`openssl rand -base64 32\``,
      );
    }
  }
  if (hasStravaApp(values)) problems.push(...listConnectProblems(values));
  const publicUrl = values["PUBLIC_URL"];
  if (publicUrl && !publicUrl.startsWith("https://")) {
    problems.push(
      "PUBLIC_URL must be https:// in production, such as https://api.example.com",
    );
  }
  return problems;
}

/** Returns what production lacks to connect athletes. */
function listConnectProblems(values: Values): string[] {
  const problems: string[] = [];
  if (!values["ALLOWED_ATHLETES"]) {
    problems.push(
      'ALLOWED_ATHLETES is not set: list the Strava athlete ids that may connect, or use "first"',
    );
  }
  if (!values["STRAVA_REDIRECT_URI"]?.startsWith("https://")) {
    problems.push(
      "STRAVA_REDIRECT_URI must be https:// in production, such as https://api.example.com/strava/callback",
    );
  }
  return problems;
}

/** Reports whether a secret has few different characters or was copied from an example. */
function isWeak(value: string): boolean {
  return new Set(value).size < 10 ||
    /change.?me|example|password|secret|your[-_]/i.test(value);
}

/** Variables whose wrong value is repeated. The others may hold a secret, and messages are logged. */
const QUOTED: ReadonlySet<string> = new Set(["PORT"]);

const MAX_QUOTED = 20;

/** Describes the variables whose value is wrong. */
export function toProblems(
  error: z.ZodError,
  values: Readonly<Record<string, string>>,
): string[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = values[name];
    const isQuoted = QUOTED.has(name) && value !== undefined &&
      value.length <= MAX_QUOTED;
    const given = isQuoted ? `, not "${value}"` : "";
    const unset = issue.code === "invalid_type" &&
      /^(Invalid input|is missing)/.test(issue.message);
    return `${name} ${unset ? "is not set" : issue.message + given}`;
  });
}
