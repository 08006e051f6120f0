import { generateAthlete, generateHistory } from "../../demo/history.ts";
import { setAthleteOwner } from "../../db/athlete_access.ts";
import { cookieName } from "../../server/cookies.ts";
import type { Scope } from "../../server/scope.ts";
import { createToken, hashToken } from "../../server/token.ts";
import { NOW, type TestApp } from "./app.ts";
import { connectQuietly, sync } from "./sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Somebody with an account and a session. */
export interface TestUser {
  id: string;
  username: string;
  sessionId: string;
  /** Sends the session's token as a program does. */
  headers: Record<string, string>;
  /** The session's cookie, for a browser. */
  cookie: string;
}

/** An account with a live session whose password was just given. */
export async function insertUser(
  test: TestApp,
  { username, role = "member" }: {
    username: string;
    role?: "member" | "admin";
  },
): Promise<TestUser> {
  const { sql } = test.deps;
  const now = new Date(test.clock.now);
  const [user] = await sql<{ id: string }[]>`
    insert into users (username, email, display_name, role, created_at)
    values (${username}, ${`${username}@example.com`}, ${username}, ${role}, ${now})
    returning id
  `;
  const token = createToken("pa");
  const end = new Date(test.clock.now + 7 * DAY_MS);
  const [session] = await sql<{ id: string }[]>`
    insert into sessions (
      user_id, access_hash, access_expires_at, expires_at, ends_at, authenticated_at, created_at,
      last_seen_at
    )
    values (
      ${user!.id}, ${
    hashToken(token)
  }, ${end}, ${end}, ${end}, ${now}, ${now}, ${now}
    )
    returning id
  `;
  return {
    id: user!.id,
    username,
    sessionId: session!.id,
    headers: { authorization: `Bearer ${token}` },
    cookie: `${cookieName(test.config, "access")}=${token}`,
  };
}

/** The headers that send a new API key of a user. */
export async function insertKey(
  { deps: { sql } }: TestApp,
  { userId, scopes }: { userId: string; scopes: readonly Scope[] },
): Promise<Record<string, string>> {
  const key = `pl_abcdefgh_${createToken("ps").slice(3)}`;
  await sql`
    insert into api_keys (user_id, name, prefix, hash, scopes, created_at)
    values (${userId}, 'test', 'pl_abcdefgh', ${hashToken(key)}, ${[
    ...scopes,
  ]}, ${new Date(NOW)})
  `;
  return { "x-api-key": key };
}

/** An athlete with a synced history, a user's or the instance's own. */
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
  await connectQuietly(test, id);
  if (userId) {
    await setAthleteOwner(sql, { id, userId, visibility: "private" });
  }
  if (visibility) {
    await sql`update athletes set visibility = ${visibility} where id = ${id}`;
  }
  await sync(test, { athleteId: id });
}
