import assert from "node:assert/strict";
import {
  insertUser,
  openBrowser,
  PASSWORD,
  reasonOf,
} from "../support/accounts.ts";
import { createTestApp, type TestApp } from "../support/app.ts";
import { insertAthlete } from "../support/callers.ts";

const ADAS_ATHLETE_ID = 700_011;

/** Creates a server with a refreshed session, a key, a share link, a grant and a failed sign-in. */
async function createUsedServer(): Promise<TestApp> {
  const test = await createTestApp({ env: { PUBLIC_STATS: "false" } });
  const { id: userId } = await insertUser(test, { role: "admin" });
  await insertAthlete(test, { id: ADAS_ATHLETE_ID, userId, count: 1 });
  const owner = openBrowser(test);
  await owner.logIn();
  await owner.post("/api/auth/refresh");
  const guess = { username: "ada", password: "ten thousand smiles" };
  await openBrowser(test).logIn({ body: guess });
  const key = { name: "all", scopes: ["admin", "stats:read"] };
  const share = { athlete: ADAS_ATHLETE_ID, visibility: "link" };
  for (
    const [path, body] of [
      ["/api/keys", key],
      ["/api/athletes/visibility", share],
    ] as const
  ) {
    assert.equal((await owner.post(path, { body })).status, 200, path);
  }
  return test;
}

/** Returns each value of each column of each table as text, and bytes in every common encoding. */
async function readDump({ deps: { sql } }: TestApp): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name
    from information_schema.tables
    where table_schema = 'public'
  `;
  const texts = new Set<string>();
  for (const { name } of tables) {
    for (const row of await sql`select * from ${sql(name)}`) {
      for (const value of Object.values(row)) {
        for (const text of toTexts(value)) texts.add(text);
      }
    }
  }
  return [...texts];
}

function toTexts(value: unknown): string[] {
  if (value instanceof Uint8Array) {
    return [
      value.toBase64({ alphabet: "base64url", omitPadding: true }),
      value.toHex(),
    ];
  }
  if (Array.isArray(value)) return value.flatMap(toTexts);
  return typeof value === "string" ? [value] : [];
}

/** Reports whether a header may contain the text. */
function isSendable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

Deno.test("database: contains no value that is accepted as a credential", async () => {
  await using test = await createUsedServer();
  const values = (await readDump(test)).filter(isSendable);
  const prefixes = values.filter((value) => /^pl_\w{8}$/.test(value));
  assert.equal(prefixes.length, 1);
  assert.ok(values.filter((value) => /^[\w-]{43}$/.test(value)).length >= 6);
  const kinds = ["pa", "pr", "ps", ...prefixes];
  const { sql } = test.deps;

  for (const value of values) {
    for (const token of [value, ...kinds.map((kind) => `${kind}_${value}`)]) {
      const bearer = await test.get("/api/athletes", {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(bearer.status, 401, token);
      const key = await test.get("/strava/admin/status", {
        headers: { "x-api-key": token },
      });
      assert.equal(key.status, 401, token);
      const cookie = await test.get("/api/auth/me", {
        headers: { cookie: `paceline_access=${token}` },
      });
      assert.equal(cookie.status, 401, token);
      const link = await test.get(
        `/strava/sync/status?${new URLSearchParams({ athlete: token })}`,
      );
      assert.ok([400, 404].includes(link.status), token);
      const program = openBrowser(test, { origin: null });
      const refreshed = await program.post("/api/auth/refresh", {
        body: { refresh_token: token },
      });
      assert.ok([400, 401].includes(refreshed.status), token);
    }
  }
  for (const value of values) {
    await sql`delete from login_attempts`;
    const body = { username: "ada", password: value };
    const result = await reasonOf(await openBrowser(test).logIn({ body }));
    assert.ok(result[0] === 401 || result[1] === "invalid_input", value);
  }
  await sql`delete from login_attempts`;
  const body = { username: "ada", password: PASSWORD };
  assert.equal((await openBrowser(test).logIn({ body })).status, 200);
});
