import assert from "node:assert/strict";
import { FILE_VARIABLES, readSecretFiles } from "../../cli/secret_files.ts";
import { ConfigError, VARIABLES } from "../../server/config.ts";

/** Reads the secrets of an environment, or returns the problems. */
async function read(
  env: Record<string, string>,
): Promise<Record<string, string> | readonly string[]> {
  try {
    return await readSecretFiles((name) => env[name]);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

/** Writes a secret to a new file and returns its path. */
async function write(text: string): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("readSecretFiles: reads files without the ends of lines at their end", async () => {
  const key = await write("a b \n");
  const url = await write("postgres://me:secret@db/paceline\r\n");

  const values = await read({
    INTERNAL_API_KEY_FILE: key,
    DATABASE_URL_FILE: url,
    STATE_SECRET_FILE: "",
    STATE_SECRET: "s",
  });

  assert.deepEqual(values, {
    INTERNAL_API_KEY: "a b ",
    DATABASE_URL: "postgres://me:secret@db/paceline",
  });
  await Promise.all([key, url].map((path) => Deno.remove(path)));
});

Deno.test("readSecretFiles: reports every file that cannot be used", async () => {
  const empty = await write("\n");

  const problems = await read({
    STATE_SECRET: "s",
    STATE_SECRET_FILE: "/run/secrets/state",
    ENCRYPTION_KEY_FILE: "/nowhere/key",
    POSTGRES_PASSWORD_FILE: empty,
    STRAVA_CLIENT_SECRET_FILE: "/",
  });

  assert.ok(Array.isArray(problems));
  assert.deepEqual(problems.slice(0, 3), [
    `ENCRYPTION_KEY_FILE names "/nowhere/key", which does not exist`,
    `POSTGRES_PASSWORD_FILE names "${empty}", which is empty`,
    "STATE_SECRET and STATE_SECRET_FILE are both set: remove one",
  ]);
  assert.match(
    problems[3] ?? "",
    /^STRAVA_CLIENT_SECRET_FILE names "\/", which cannot be read: /,
  );
  await Deno.remove(empty);
});

Deno.test("FILE_VARIABLES: has every setting with the name of a secret", () => {
  const secret = /SECRET|PASSWORD|TOKEN|_KEY|^DATABASE_.*URL$/;

  assert.deepEqual(
    FILE_VARIABLES,
    VARIABLES.filter((name) => secret.test(name)).map((name) => `${name}_FILE`)
      .sort(),
  );
});
