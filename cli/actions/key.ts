import { CreateKeyInput, type Scope } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { type Account, findUser } from "../../db/users.ts";
import { type ApiKey, listApiKeys } from "../../db/api_keys.ts";
import { connect, type Pool } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import {
  createUserKey,
  type KeyRefusal,
  MAX_KEYS,
  revokeUserKey,
} from "../../server/accounts/api_keys.ts";
import type { Config } from "../../server/config.ts";
import type { Terminal } from "../terminal.ts";

/** Options of `key create`. */
export interface CreateKeyFlags {
  user: string;
  name: string;
  scope: readonly z.output<typeof Scope>[];
  /** Expiry date (00:00 UTC) or date and time. */
  expires?: string | undefined;
}

type Output = Pick<Terminal, "say" | "print">;

/** Creates an API key and prints it. Returns the exit code. */
export async function createKey(
  config: Config,
  { user, name, scope, expires, terminal: { print, say } }: CreateKeyFlags & {
    terminal: Output;
  },
): Promise<number> {
  return await withAccount(config, { user, say }, async (sql, account) => {
    const input = CreateKeyInput.safeParse({
      name,
      scopes: scope,
      expires_at: expires && toInstant(expires),
    });
    if (input.error) {
      for (const { path, message } of input.error.issues) {
        const isDate = path[0] === "expires_at";
        const problem = isDate
          ? `expected a day or an instant, such as 2027-01-31 or 2027-01-31T12:00:00Z, not "${expires}"`
          : message;
        say(`${OPTION_NAMES[String(path[0])] ?? "The input"}: ${problem}`);
      }
      return 2;
    }
    const { data } = input;
    const expiresAt = data.expires_at === undefined
      ? null
      : new Date(data.expires_at);
    if (expiresAt && expiresAt.getTime() <= Date.now()) {
      say("--expires: must not be in the past");
      return 2;
    }
    const made = await createUserKey({ sql, now: Date.now }, {
      userId: account.id,
      name: data.name,
      scopes: data.scopes,
      expiresAt,
    });
    if ("refusal" in made) {
      say(toSentence(made.refusal, account));
      return 1;
    }
    print(made.text);
    say(
      `Created "${data.name}" for ${account.username}. Keep the key: it cannot be shown again.`,
    );
    return 0;
  });
}

/** Prints a line for each key of a user. Returns the exit code. */
export async function listKeys(
  config: Config,
  { user, terminal: { print, say } }: { user: string; terminal: Output },
): Promise<number> {
  return await withAccount(config, { user, say }, async (sql, account) => {
    const keys = await listApiKeys(sql, { userId: account.id });
    if (keys.length === 0) say(`The user ${account.username} has no keys`);
    for (const key of keys) print(toLine(key));
    return 0;
  });
}

/** Revokes the key with this id or prefix. Returns the exit code. */
export async function revokeKey(
  config: Config,
  { user, key, terminal: { say } }: {
    user: string;
    key: string;
    terminal: Output;
  },
): Promise<number> {
  return await withAccount(config, { user, say }, async (sql, account) => {
    const found = (await listApiKeys(sql, { userId: account.id }))
      .filter(({ id, prefix }) => id === key.toLowerCase() || prefix === key);
    const [first, ...others] = found;
    if (!first || others.length > 0) {
      say(
        first
          ? `More than one key has the prefix "${key}": use the id`
          : `The user ${account.username} has no key "${key}"`,
      );
      return 1;
    }
    await revokeUserKey({ sql, now: Date.now }, {
      userId: account.id,
      id: first.id,
    });
    say(
      first.revokedAt
        ? `"${first.name}" was revoked already`
        : `"${first.name}" is revoked and no longer accepted`,
    );
    return 0;
  });
}

/** Runs an action on the account of a user; reports a user who does not exist. */
async function withAccount(
  config: Config,
  { user, say }: { user: string } & Pick<Terminal, "say">,
  action: (sql: Pool, account: Account) => Promise<number>,
): Promise<number> {
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await prepareDatabase(sql, config);
    const account = await findUser(sql, { name: user });
    if (account) return await action(sql, account);
    say(`There is no user "${user}"`);
    return 1;
  } finally {
    await sql.end();
  }
}

function toInstant(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
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
      return `The scope "admin" is only for administrators, and ${username} is a member`;
    case "too_many_keys":
      return `The user ${username} already has ${MAX_KEYS} live keys: revoke one first`;
  }
}

function toLine(key: ApiKey): string {
  const used = key.lastUsedAt
    ? `used ${toDay(key.lastUsedAt)} from ${
      key.lastUsedAddress ?? "an unknown address"
    }`
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
  if (revokedAt) return `revoked ${toDay(revokedAt)}`;
  if (!expiresAt) return "live";
  const state = expiresAt.getTime() <= Date.now() ? "expired" : "live until";
  return `${state} ${toDay(expiresAt)}`;
}

function toDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
