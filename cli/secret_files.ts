import { ConfigError, type Variable } from "../server/config.ts";

/** Settings that hold a secret. Each may be in a file, whose path is in the variable with `_FILE` added. */
const SECRET_VARIABLES = [
  "DATABASE_DIRECT_URL",
  "DATABASE_OWNER_URL",
  "DATABASE_URL",
  "ENCRYPTION_KEY",
  "ENCRYPTION_KEYS_OLD",
  "INTERNAL_API_KEY",
  "POSTGRES_PASSWORD",
  "STATE_SECRET",
  "STRAVA_CLIENT_SECRET",
  "STRAVA_WEBHOOK_SIGNING_SECRET",
  "WEBHOOK_VERIFY_TOKEN",
] as const satisfies readonly Variable[];

/** The variables that hold paths of secrets, in the order of their names. */
export const FILE_VARIABLES: readonly string[] = SECRET_VARIABLES.map(toFile)
  .sort();

/**
 * Returns the settings that are in files, by their names. Docker and Kubernetes hand secrets over as
 * files, because other programs see the variables of a process more easily. Ends of lines at the end of
 * a file are not part of the secret.
 *
 * @throws {ConfigError} With every file that cannot be read or is empty, and every setting that is given
 * both ways.
 */
export async function readSecretFiles(
  get: (name: string) => string | undefined,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const path = get(toFile(name))?.trim();
    if (!path) continue;
    if (get(name)?.trim()) {
      problems.push(`${name} and ${toFile(name)} are both set: remove one`);
      continue;
    }
    const read = await readSecret(path);
    if ("text" in read) values[name] = read.text;
    else problems.push(`${toFile(name)} names "${path}", ${read.problem}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

function toFile(name: string): string {
  return `${name}_FILE`;
}

async function readSecret(
  path: string,
): Promise<{ text: string } | { problem: string }> {
  try {
    const text = (await Deno.readTextFile(path)).replace(/[\r\n]+$/, "");
    return text === "" ? { problem: "which is empty" } : { text };
  } catch (error) {
    return { problem: describe(error) };
  }
}

function describe(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "which does not exist";
  if (error instanceof Deno.errors.NotCapable) {
    return "but only files in /run/secrets are read here";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "which this user may not read";
  }
  return `which cannot be read: ${
    error instanceof Error ? error.message : error
  }`;
}
