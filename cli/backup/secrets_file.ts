import type { SecretsOptions } from "../command.ts";
import {
  readEnvironment,
  readPassphraseVariable,
  SECRETS_FILE,
} from "../environment.ts";
import { resolveFile } from "../export_file.ts";
import type { Terminal } from "../terminal.ts";
import { createByteReader } from "./byte_reader.ts";
import { readPreface } from "./preface.ts";
import { openSecrets, sealSecrets } from "./sealed_secrets.ts";

/** Shortest passphrase, in characters. */
const MIN_PASSPHRASE = 12;

type Asking = Pick<Terminal, "ask" | "askHidden">;

/**
 * Returns the generated secrets, sealed under a passphrase; null if they are not asked for.
 *
 * @throws with a sentence if there are none, or no passphrase was given.
 */
export async function sealSecretsFile(
  { withSecrets, passphraseFile }: SecretsOptions,
  asking: Asking,
): Promise<string | null> {
  if (!withSecrets) return null;
  const text = await readIfPresent(SECRETS_FILE);
  if (text === undefined) {
    throw new Error(
      `Cannot back up secrets: there is no ${SECRETS_FILE}. Keep the secrets of your settings yourself`,
    );
  }
  const passphrase = await readPassphrase(passphraseFile, {
    asking,
    isNew: true,
  });
  return await sealSecrets(text, passphrase);
}

/**
 * Writes the secrets of a backup to .data/, if they are asked for. Returns a function that removes them
 * again.
 *
 * @throws with a sentence if that is not possible, or if the backup's secrets are needed but not asked
 * for.
 */
export async function restoreSecretsFile(
  path: string,
  { withSecrets, passphraseFile }: SecretsOptions,
  asking: Asking,
): Promise<() => Promise<void>> {
  const keep = (): Promise<void> => Promise.resolve();
  const secrets = await readSealed(path);
  const present = await readIfPresent(SECRETS_FILE);
  if (!withSecrets) {
    const isNeeded = secrets !== null && present === undefined &&
      !(await readEnvironment())["ENCRYPTION_KEY"];
    if (!isNeeded) return keep;
    throw new Error(
      "This backup has secrets, without which its tokens cannot be read: add --with-secrets, or set ENCRYPTION_KEY",
    );
  }
  if (secrets === null) {
    throw new Error("This backup has no secrets: leave out --with-secrets");
  }
  const passphrase = await readPassphrase(passphraseFile, {
    asking,
    isNew: false,
  });
  const text = await openSecrets(secrets, passphrase);
  if (present === text) return keep;
  if (present !== undefined) {
    throw new Error(
      `Cannot restore secrets: ${SECRETS_FILE} has others. Move it away first`,
    );
  }
  await writeSecretsFile(text);
  return () => Deno.remove(SECRETS_FILE);
}

async function readSealed(path: string): Promise<string | null> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw new Error(`Cannot read "${path}": ${toMessage(error)}`);
  }
  using open = file;
  return (await readPreface(createByteReader(open.readable))).secrets;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function writeSecretsFile(text: string): Promise<void> {
  const folder = SECRETS_FILE.replace(/\/[^/]*$/, "");
  await Deno.mkdir(folder, { recursive: true });
  const draft = `${SECRETS_FILE}.${crypto.randomUUID()}`;
  {
    using file = await Deno.open(draft, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
    await file.sync();
  }
  await Deno.rename(draft, SECRETS_FILE);
}

async function readPassphrase(
  path: string | undefined,
  { asking: { ask, askHidden }, isNew }: { asking: Asking; isNew: boolean },
): Promise<string> {
  const given = path === undefined
    ? readPassphraseVariable()
    : (await Deno.readTextFile(resolveFile(path))).split(/\r?\n/, 1)[0];
  if (given === undefined && !ask) {
    throw new Error(
      "Missing passphrase: set BACKUP_PASSPHRASE, add --passphrase-file, or run this at a terminal",
    );
  }
  const passphrase = given ?? await askHidden("Passphrase of the secrets:");
  if (passphrase === null) throw new Error("No passphrase was given");
  if (isNew && passphrase.length < MIN_PASSPHRASE) {
    throw new Error(
      `The passphrase must have at least ${MIN_PASSPHRASE} characters`,
    );
  }
  if (isNew && given === undefined) {
    const again = await askHidden("Passphrase again:");
    if (again !== passphrase) throw new Error("The passphrases differ");
  }
  return passphrase;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
