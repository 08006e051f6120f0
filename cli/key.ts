import { CreateKeyInput } from "@paceline/sdk/schemas";
import { type Account, findUser } from "../db/users.ts";
import { type ApiKey, listApiKeys } from "../db/api_keys.ts";
import { connect, type Pool } from "../db/driver/client.ts";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/driver/reach.ts";
import {
  endKey,
  type KeyRefusal,
  makeApiKey,
  MAX_KEYS,
} from "../server/accounts/api_keys.ts";
import type { Config } from "../server/config.ts";
import type { KeyAction } from "./key_usage.ts";

/** Where a command's result goes, and where it speaks. */
export interface KeyOutput {
  write: (text: string) => Promise<void>;
  say: (line: string) => void;
}

interface KeyWork extends KeyOutput {
  sql: Pool;
  account: Account;
}

/** Does it and says so; returns the exit code. */
export async function runKeyCommand(
  config: Config,
  { line, write, say }: KeyOutput & { line: KeyAction },
): Promise<number> {
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await reachDatabase(sql);
    await migrate(sql);
    const account = await findUser(sql, { name: line.user });
    if (!account) {
      say(`There is no user "${line.user}"`);
      return 1;
    }
    const work = { sql, account, write, say };
    if (line.action === "list") return await list(work);
    return line.action === "create"
      ? await create(work, line)
      : await revoke(work, line);
  } finally {
    await sql.end();
  }
}

async function create(
  { sql, account, write, say }: KeyWork,
  { name, scopes, expires }: Extract<KeyAction, { action: "create" }>,
): Promise<number> {
  const expires_at = expires && /^\d{4}-\d{2}-\d{2}$/.test(expires)
    ? `${expires}T00:00:00Z`
    : expires;
  const { data, error } = CreateKeyInput.safeParse({
    name,
    scopes,
    expires_at,
  });
  if (error) {
    for (const { path, message } of error.issues) {
      say(`${OPTION_NAMES[String(path[0])] ?? "The input"}: ${message}`);
    }
    return 2;
  }
  const expiresAt = data.expires_at === undefined
    ? null
    : new Date(data.expires_at);
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    say("--expires: lies in the past");
    return 2;
  }
  const made = await makeApiKey({ sql, now: Date.now }, {
    userId: account.id,
    name: data.name,
    scopes: data.scopes,
    expiresAt,
  });
  if ("refusal" in made) {
    say(toSentence(made.refusal, account));
    return 1;
  }
  await write(`${made.text}\n`);
  say(
    `Made "${data.name}" for ${account.username}. Keep the key: it is not shown again.`,
  );
  return 0;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  name: "--name",
  scopes: "--scope",
  expires_at: "--expires",
};

function toSentence(refusal: KeyRefusal, { username }: Account): string {
  switch (refusal) {
    case "account_gone":
      return `The user ${username} is disabled`;
    case "not_admin":
      return `The scope "admin" is for administrators, and ${username} is none`;
    case "too_many_keys":
      return `The user ${username} has ${MAX_KEYS} live keys already: revoke one first`;
  }
}

async function list(
  { sql, account, write, say }: KeyWork,
): Promise<number> {
  const keys = await listApiKeys(sql, { userId: account.id });
  if (keys.length === 0) say(`The user ${account.username} has no keys`);
  for (const key of keys) await write(`${toLine(key)}\n`);
  return 0;
}

function toLine(key: ApiKey): string {
  const used = key.lastUsedAt
    ? `used ${day(key.lastUsedAt)} from ${key.lastUsedAddress ?? "somewhere"}`
    : "never used";
  return [
    key.prefix,
    key.id,
    toState(key),
    used,
    key.scopes.join(","),
    key.name,
  ].join("  ");
}

function toState({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt) return `revoked ${day(revokedAt)}`;
  if (!expiresAt) return "live";
  return `${expiresAt.getTime() <= Date.now() ? "expired" : "live until"} ${
    day(expiresAt)
  }`;
}

function day(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

async function revoke(
  { sql, account, say }: KeyWork,
  { key }: Extract<KeyAction, { action: "revoke" }>,
): Promise<number> {
  const found = (await listApiKeys(sql, { userId: account.id }))
    .filter(({ id, prefix }) => id === key.toLowerCase() || prefix === key);
  const [first, ...others] = found;
  if (!first || others.length > 0) {
    say(
      first
        ? `More than one key begins with "${key}": take the id`
        : `The user ${account.username} has no key "${key}"`,
    );
    return 1;
  }
  await endKey({ sql, now: Date.now }, { userId: account.id, id: first.id });
  say(
    first.revokedAt
      ? `"${first.name}" was revoked already`
      : `"${first.name}" is revoked: it opens nothing any more`,
  );
  return 0;
}
