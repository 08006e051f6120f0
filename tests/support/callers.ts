import { setAthleteOwner } from "../../db/athlete_owners.ts";
import {
  generateAthlete,
  generateHistory,
} from "../../demo/history/history.ts";
import { cookieName } from "../../server/auth/cookies.ts";
import {
  createApiKeyText,
  createToken,
  hashToken,
} from "../../server/auth/token.ts";
import { NOW, type TestApp } from "./app.ts";
import { connectWithoutSync, sync } from "./sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A logged-in user, with the credentials for requests. */
export interface TestUser {
  id: string;
  username: string;
  sessionId: string;
  /** The session's access token as a Bearer token, for programs. */
  headers: { authorization: string };
  /** The same token as a cookie, for browsers. */
  cookie: string;
}

/** Inserts a user who has just logged in. */
export async function insertCaller(
  { config, deps: { sql, now } }: TestApp,
  username: string,
  { role = "member", password }: {
    role?: "member" | "admin";
    /** The hash of a password. Default: no password. */
    password?: string;
  } = {},
): Promise<TestUser> {
  const at = new Date(now());
  const [user] = await sql<{ id: string }[]>`
    insert into users (username, email, display_name, role, created_at)
    values (${username}, ${`${username}@example.org`}, ${username}, ${role}, ${at})
    returning id
  `;
  const { id } = user!;
  if (password !== undefined) {
    await sql`
      insert into passwords (user_id, hash, changed_at) values (${id}, ${password}, ${at})
    `;
  }
  const token = createToken("pa");
  const end = new Date(now() + 30 * DAY_MS);
  const [session] = await sql<{ id: string }[]>`
    insert into sessions (
      user_id, access_hash, access_expires_at, expires_at, ends_at, authenticated_at, created_at,
      last_seen_at, address, agent
    )
    values (
      ${id}, ${
    hashToken(token)
  }, ${end}, ${end}, ${end}, ${at}, ${at}, ${at}, '192.0.2.1', 'test'
    )
    returning id
  `;
  return {
    id,
    username,
    sessionId: session!.id,
    headers: { authorization: `Bearer ${token}` },
    cookie: `${cookieName(config, "access")}=${token}`,
  };
}

/** Inserts a user's API key; returns its text and the header that sends it. */
export async function insertKey(
  { deps: { sql, now } }: TestApp,
  { user, scopes, expiresAt = null }: {
    user: TestUser;
    scopes: readonly string[];
    expiresAt?: Date | null;
  },
): Promise<{ id: string; text: string; headers: Record<string, string> }> {
  const { text, prefix } = createApiKeyText();
  const [key] = await sql<{ id: string }[]>`
    insert into api_keys (user_id, name, prefix, hash, scopes, created_at, expires_at)
    values (
      ${user.id}, 'test', ${prefix}, ${hashToken(text)}, ${[
    ...scopes,
  ]}, ${new Date(now())},
      ${expiresAt}
    )
    returning id
  `;
  return { id: key!.id, text, headers: { "x-api-key": text } };
}

/** Makes a user the owner of an athlete. */
export async function giveAthlete(
  { deps: { sql } }: TestApp,
  { user, athleteId }: { user: TestUser; athleteId: number },
): Promise<void> {
  await sql`update athletes set user_id = ${user.id} where id = ${athleteId}`;
}

/** Inserts an athlete with synced activities, owned by a user or without an owner. */
export async function insertAthlete(
  test: TestApp,
  { id, userId, visibility, count = 3 }: {
    id: number;
    userId?: string;
    visibility?: "private" | "link" | "public";
    count?: number;
  },
): Promise<void> {
  const { strava, deps: { sql } } = test;
  const history = generateHistory({ seed: id, athleteId: id, count, now: NOW });
  strava.addAthlete(generateAthlete({ seed: id, athleteId: id }), history);
  await connectWithoutSync(test, id);
  if (userId) {
    await setAthleteOwner(sql, { id, userId, visibility: "private" });
  }
  if (visibility) {
    await sql`update athletes set visibility = ${visibility} where id = ${id}`;
  }
  await sync(test, { athleteId: id });
}

/** Returns the options of a request with a JSON body. */
export function json(
  body: unknown,
  headers: Record<string, string> = {},
): RequestInit {
  return {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  };
}
