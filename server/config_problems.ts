import type { z } from "zod";

/** Returns the problems that only matter in production. */
export function listProductionProblems(
  values: Record<string, string>,
): string[] {
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
  const publicUrl = values["PUBLIC_URL"];
  if (publicUrl && !publicUrl.startsWith("https://")) {
    problems.push(
      "PUBLIC_URL must be https:// in production, such as https://api.example.com",
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
