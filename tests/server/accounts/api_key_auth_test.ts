import assert from "node:assert/strict";
import type { AnyTRPCProcedure } from "@trpc/server";
import { createApp } from "../../../server/app.ts";
import { appRouter } from "../../../server/router.ts";
import { type Scope, SCOPES } from "../../../server/auth/scope.ts";
import { createApiKeyText } from "../../../server/auth/token.ts";
import { giveAthlete, insertCaller, insertKey } from "../../support/callers.ts";
import {
  API_KEY,
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";

const YTD = "/strava/stats/ytd";
const MINUTE_MS = 60_000;

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- the body of any route
  body: any;
}

async function get(
  test: TestApp,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await createApp(test.deps)(
    new Request(`http://localhost:5001${path}`, { headers }),
    { address: "192.0.2.7" },
  );
  return { status: response.status, body: await response.json() };
}

/** Creates a synced instance with private statistics, and the owner of its athlete. */
async function createPrivateApp(): Promise<
  { test: TestApp; ada: Awaited<ReturnType<typeof insertCaller>> }
> {
  const test = await createTestApp({
    synced: true,
    activities: createHistory(3),
    env: { PUBLIC_STATS: "false" },
  });
  const ada = await insertCaller(test, "ada");
  await giveAthlete(test, { user: ada, athleteId: ATHLETE_ID });
  return { test, ada };
}

Deno.test("API key: works as X-API-Key and as Bearer, ignoring case of the scheme", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const { text } = await insertKey(test, { user: ada, scopes: ["stats:read"] });

  for (
    const headers of [
      { "x-api-key": text },
      { authorization: `Bearer ${text}` },
      { authorization: `bearer   ${text}` },
    ]
  ) {
    assert.equal((await get(test, YTD, headers)).status, 200);
  }
});

Deno.test("API key: answers 401 for every invalid key, even with a valid cookie", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const { sql } = test.deps;
  const scopes = ["stats:read"];
  const good = await insertKey(test, { user: ada, scopes });
  const revoked = await insertKey(test, { user: ada, scopes });
  await sql`update api_keys set revoked_at = now() where id = ${revoked.id}`;
  const expired = await insertKey(test, {
    user: ada,
    scopes,
    expiresAt: new Date(test.clock.now),
  });
  const bob = await insertCaller(test, "bob");
  const disabled = await insertKey(test, { user: bob, scopes });
  await sql`update users set is_active = false where id = ${bob.id}`;
  const cookie = ada.headers.authorization.replace(
    "Bearer ",
    "paceline_access=",
  );
  const [{ hash }] = await sql<[{ hash: string }]>`
    select encode(hash, 'hex') as hash from api_keys where id = ${good.id}
  `;

  for (
    const [name, text] of Object.entries({
      unknown: createApiKeyText().text,
      misspelt: `${good.text.slice(0, -1)}~`,
      cut: good.text.slice(0, -1),
      longer: `${good.text}A`,
      prefix: good.text.slice(0, 11),
      hash,
      empty: "",
      revoked: revoked.text,
      expired: expired.text,
      disabled: disabled.text,
    })
  ) {
    for (
      const headers of [{ "x-api-key": text }, {
        authorization: `Bearer ${text}`,
      }]
    ) {
      const { status, body } = await get(test, YTD, { ...headers, cookie });
      assert.deepEqual([status, body.reason], [401, "invalid_api_key"], name);
    }
  }
  assert.equal((await get(test, YTD, { cookie })).status, 200);
});

Deno.test("API key: works until the millisecond it expires", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const { text } = await insertKey(test, {
    user: ada,
    scopes: ["stats:read"],
    expiresAt: new Date(test.clock.now + MINUTE_MS),
  });

  test.clock.now += MINUTE_MS - 1;
  const last = await get(test, YTD, { "x-api-key": text });
  test.clock.now += 1;
  const late = await get(test, YTD, { "x-api-key": text });

  assert.deepEqual([last.status, late.status], [200, 401]);
});

Deno.test("credentials: answers 400 for two in headers, valid or not", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const { text } = await insertKey(test, { user: ada, scopes: ["stats:read"] });
  for (
    const [key, bearer] of [
      [text, text],
      [text, API_KEY],
      [API_KEY, text],
      ["wrong", text],
      [text, ""],
      [text, ada.headers.authorization.slice(7)],
    ]
  ) {
    const { status, body } = await get(test, YTD, {
      "x-api-key": key!,
      authorization: `Bearer ${bearer}`,
    });
    assert.deepEqual([status, body.reason], [400, "too_many_credentials"]);
  }
  const headers = new Headers({ "x-api-key": text });
  headers.append("x-api-key", text);
  const twice = await test.app(
    new Request(`http://localhost:5001${YTD}`, { headers }),
  );
  assert.equal(twice.status, 401);
  await twice.body?.cancel();
});

interface ListedProcedure {
  name: string;
  type: "query" | "mutation" | "subscription";
  scope: Scope | undefined;
}

/** Returns every procedure of the router. */
function listProcedures(): ListedProcedure[] {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    AnyTRPCProcedure
  >;
  return Object.entries(procedures).map(([name, { _def }]) => ({
    name,
    type: _def.type,
    scope: (_def.meta as { scope?: Scope } | undefined)?.scope,
  }));
}

/** Calls a procedure with invalid input and returns the reason. Access is checked before the input. */
async function call(
  test: TestApp,
  { name, type }: ListedProcedure,
  headers: Record<string, string>,
): Promise<string> {
  const input = JSON.stringify({ json: { "not a parameter": 1 } });
  const isMutation = type === "mutation";
  const response = await test.app(
    new Request(
      `http://localhost:5001/trpc/${name}` +
        (isMutation ? "" : `?input=${encodeURIComponent(input)}`),
      {
        method: isMutation ? "POST" : "GET",
        headers: { "content-type": "application/json", ...headers },
        ...(isMutation ? { body: input } : {}),
      },
    ),
  );
  const text = await response.text();
  return /"reason":"(\w+)"/.exec(text)?.[1] ?? `${response.status}`;
}

Deno.test("every procedure: refuses API keys without its scope", async () => {
  await using test = await createTestApp({ synced: true });
  const root = await insertCaller(test, "root", { role: "admin" });
  const all = await insertKey(test, { user: root, scopes: SCOPES });
  const keys = new Map<Scope, string>();
  for (const scope of SCOPES) {
    const scopes = SCOPES.filter((other) => other !== scope);
    const { text } = await insertKey(test, { user: root, scopes });
    keys.set(scope, text);
  }

  const procedures = listProcedures();

  assert.ok(procedures.length > 30, `${procedures.length} procedures`);
  assert.ok(procedures.some(({ scope }) => scope === undefined));
  for (const procedure of procedures) {
    const { name, scope } = procedure;
    const text = scope === undefined ? all.text : keys.get(scope)!;
    const refused = await call(test, procedure, { "x-api-key": text });
    assert.equal(refused, "scope_missing", name);
    if (scope === undefined) continue;
    const opened = await call(test, procedure, { "x-api-key": all.text });
    assert.notEqual(opened, "scope_missing", name);
  }
});

Deno.test("scope: opens its own routes only", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const routes: Partial<Record<Scope, string>> = {
    "stats:read": YTD,
    "activities:read": "/strava/activities",
    "export:read": "/strava/activities/export?format=jsonl",
  };
  for (const scope of SCOPES) {
    const { text } = await insertKey(test, { user: ada, scopes: [scope] });
    for (const [needed, path] of Object.entries(routes)) {
      const response = await test.get(path, { headers: { "x-api-key": text } });
      await response.body?.cancel();
      const expected = needed === scope ? 200 : 403;
      assert.equal(response.status, expected, `${scope} at ${path}`);
    }
  }
});

Deno.test("scope admin: stops working when the user is no longer an administrator", async () => {
  await using test = await createTestApp({ synced: true });
  const root = await insertCaller(test, "root", { role: "admin" });
  const { text } = await insertKey(test, { user: root, scopes: SCOPES });
  const read = () => get(test, "/strava/admin/status", { "x-api-key": text });

  const before = await read();
  await test.deps.sql`update users set role = 'member' where id = ${root.id}`;
  const after = await read();

  assert.equal(before.status, 200);
  assert.deepEqual([after.status, after.body.reason], [403, "admin_only"]);
});

Deno.test("scope admin: does not work for a member", async () => {
  await using test = await createTestApp({ synced: true });
  const ada = await insertCaller(test, "ada");
  const { text } = await insertKey(test, { user: ada, scopes: SCOPES });

  const { status, body } = await get(test, "/strava/admin/status", {
    "x-api-key": text,
  });

  assert.deepEqual([status, body.reason], [403, "admin_only"]);
});

Deno.test("API key: stores its last use at most once a minute, also under load", async () => {
  const { test, ada } = await createPrivateApp();
  await using _ = test;
  const { sql } = test.deps;
  const { text } = await insertKey(test, { user: ada, scopes: ["stats:read"] });
  await sql`create table writes (at timestamptz, address text)`;
  await sql`
    create function note_write() returns trigger language plpgsql as $$
    begin
      insert into writes values (new.last_used_at, new.last_used_address);
      return new;
    end
    $$
  `;
  await sql`
    create trigger note_write after update on api_keys
    for each row execute function note_write()
  `;
  const use = () => get(test, YTD, { "x-api-key": text });
  const useAtOnce = () => Promise.all(Array.from({ length: 8 }, use));
  const first = test.clock.now;

  await useAtOnce();
  test.clock.now += MINUTE_MS;
  await useAtOnce();
  test.clock.now += 1;
  await useAtOnce();

  const writes = await sql<{ at: Date; address: string }[]>`
    select at, address from writes order by at
  `;
  assert.deepEqual(
    writes.map(({ at, address }) => [at.getTime() - first, address]),
    [[0, "192.0.2.7"], [MINUTE_MS + 1, "192.0.2.7"]],
  );
});
