import assert from "node:assert/strict";
import { BusyError } from "../../server/crypto/password_hash.ts";
import { createSetUpCode } from "../../server/accounts/set_up.ts";
import { hashToken } from "../../server/auth/token.ts";
import { type Browser, insertUser, openBrowser, PASSWORD } from "./accounts.ts";
import { API_KEY, createTestApp, type TestApp } from "./app.ts";
import type { Contract } from "./contract.ts";

const LOGIN = { username: "ada", password: PASSWORD };
const SIGN_UP = {
  username: "grace",
  email: "grace@example.com",
  password: PASSWORD,
};
const CHANGE = { current_password: PASSWORD, new_password: "hundred climbs" };
const WRONG = "ten thousand smiles";
const NO_SESSION = "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11";

const KEY_INPUT = { name: "Phone", scopes: ["stats:read"] };
/** Longer than a password counts as recently given, shorter than an access token is valid. */
const A_WHILE_MS = 11 * 60_000;

/** Operations that need no session, and those that do, each with a valid body. */
const OPEN = {
  login: LOGIN,
  refresh: {},
  logout: {},
  "sign-up": SIGN_UP,
  "set-up": { ...SIGN_UP, username: "hedy", email: "hedy@example.com" },
};
const CLOSED = {
  "revoke-session": { id: NO_SESSION },
  "revoke-other-sessions": {},
  "confirm-password": { password: PASSWORD },
  "change-password": CHANGE,
  "delete-account": { password: PASSWORD },
  "/api/keys": KEY_INPUT,
  "/api/keys/rename": { id: NO_SESSION, name: "Watch" },
  "/api/keys/revoke": { id: NO_SESSION },
};
/** Operations that anyone may call, and those that only a user may. */
const OPEN_READER = "instance";
const READERS = ["me", "sessions", "events", "export", "/api/keys"];
const POSTS: Record<string, unknown> = { ...OPEN, ...CLOSED };
/** The operations that hash a password. */
const COSTLY = [
  "login",
  "sign-up",
  "set-up",
  "confirm-password",
  "change-password",
  "delete-account",
];
const KEY = `pl_Ab3dE9xZ_${"k".repeat(43)}`;

interface State {
  test: TestApp;
  browser: Browser;
  /** Sends a request as the browser and checks the response against the document. */
  post(
    name: string,
    status: number,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<void>;
  get(
    name: string,
    status: number,
    headers?: Record<string, string>,
  ): Promise<void>;
}

async function openState(
  contract: Contract,
  signup: "open" | "closed" = "open",
): Promise<State & AsyncDisposable> {
  const test = await createTestApp({ env: { SIGNUP: signup } });
  await insertUser(test);
  const browser = openBrowser(test);
  async function judge(
    method: string,
    path: string,
    { response, status }: { response: Response; status: number },
  ): Promise<void> {
    assert.equal(response.status, status, `${method} ${path}`);
    await contract.check(method, path, response);
  }
  return {
    test,
    browser,
    async post(name, status, body = POSTS[name], headers = {}) {
      if (name === "set-up") {
        body = { code: createSetUpCode(test.config), ...body as object };
      }
      const path = toPath(name);
      const response = await browser.post(path, { body, headers });
      await judge("POST", path, { response, status });
    },
    async get(name, status, headers = {}) {
      const path = toPath(name);
      const response = await browser.get(path, { headers });
      await judge("GET", path, { response, status });
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** A name is that of a route below `/api/auth`, unless it is a path. */
function toPath(name: string): string {
  return name.startsWith("/") ? name : `/api/auth/${name}`;
}

/**
 * Requests one download more than a caller may have at once. None of the bodies is read until the
 * end.
 */
async function refuseThird({ test, browser, get }: State): Promise<void> {
  await test.deps.sql`
    insert into audit_events (at, kind, user_id, agent)
    select now(), 'login', id, repeat('x', 3000)
    from users, generate_series(1, 1000)
  `;
  const open = [
    await browser.get("/api/auth/export"),
    await browser.get("/api/auth/export"),
  ];
  await get("export", 429);
  await Promise.all(open.map((response) => response.body!.cancel()));
  await test.idle();
}

/** The account states in which the document is checked. */
export const ACCOUNT_STATES: Record<
  string,
  (contract: Contract) => Promise<void>
> = {
  async "somebody has an account"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    await state.post("login", 200);
    await state.post("refresh", 200);
    for (const name of READERS) await state.get(name, 200);
    await openBrowser(test).logIn();
    await state.post("revoke-other-sessions", 200);
    await state.post("confirm-password", 200);
    await state.post("confirm-password", 403, { password: WRONG });
    const wrong = { ...CHANGE, current_password: WRONG };
    await state.post("change-password", 403, wrong);
    const weak = { ...CHANGE, new_password: "password123" };
    await state.post("change-password", 400, weak);
    await state.post("change-password", 200);
    await state.post("revoke-session", 404);
    const { session } = await (await browser.get("/api/auth/me")).json();
    await state.post("revoke-session", 200, { id: session.id });
    await state.post("logout", 200);
    await state.post("login", 401);
    await state.post("refresh", 401);
    await state.post("sign-up", 400, { ...SIGN_UP, password: "password123" });
    await state.post("sign-up", 200);
    await state.post("sign-up", 409);
    await state.get(OPEN_READER, 200);
    const setUp = OPEN["set-up"];
    await state.post("set-up", 403, { ...setUp, code: "0" });
    await state.post("set-up", 400, { ...setUp, password: "password123" });
    await state.post("set-up", 409, SIGN_UP);
    await state.post("set-up", 200);
    await state.post("set-up", 409);
  },

  async "somebody has keys"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    const { sql } = test.deps;
    await browser.logIn();
    await state.post("/api/keys", 200);
    await state.post("/api/keys", 403, { ...KEY_INPUT, scopes: ["admin"] });
    const { data: [{ id }] } = await (await browser.get("/api/keys")).json();
    await state.post("/api/keys/rename", 200, { id, name: "Watch" });
    await state.post("/api/keys/revoke", 200, { id });
    await state.post("/api/keys/rename", 404);
    await state.post("/api/keys/revoke", 404);
    await sql`
      insert into api_keys (user_id, name, prefix, hash, scopes, created_at)
      select id, 'more', 'pl_more', sha256(number::text::bytea), '{stats:read}', now()
      from users, generate_series(1, 50) as number
    `;
    await state.post("/api/keys", 409);
    test.clock.now += A_WHILE_MS;
    await state.post("/api/keys", 403);
  },

  async "somebody looks at the audit"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    await browser.logIn();
    const path = "/strava/admin/audit";
    await state.get(path, 403);
    await state.get("/strava/admin/status", 403);
    await test.deps.sql`update users set role = 'admin'`;
    await state.get(`${path}?user=ada&kind=login&from=2026-01-01`, 200);
    await state.get(`${path}?limit=1`, 200);
    await test.deps.sql`
      insert into api_keys (user_id, name, prefix, hash, scopes, created_at)
      select id, 'some', 'pl_Ab3dE9xZ', ${hashToken(KEY)}, '{stats:read}', now()
      from users
    `;
    const response = await test.get(path, { headers: { "x-api-key": KEY } });
    assert.equal(response.status, 403);
    await contract.check("GET", path, response);
  },

  async "somebody leaves"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    const { sql } = test.deps;
    await insertUser(test, { username: "bob" });
    await browser.logIn();
    await sql`update users set role = 'admin' where username = 'ada'`;
    await state.post("delete-account", 403, { password: WRONG });
    await state.post("delete-account", 409);
    await state.get("export", 200);
    await refuseThird(state);
    test.clock.now += A_WHILE_MS;
    await state.get("export", 403);
    await state.post("delete-account", 403);
    await state.post("confirm-password", 200);
    await sql`update users set role = 'admin' where username = 'bob'`;
    await state.post("delete-account", 200);
  },

  async "requests for accounts are wrong"(contract) {
    await using state = await openState(contract, "closed");
    const { test, browser } = state;
    await state.post("sign-up", 403);
    const [{ id }] = await test.deps.sql<[{ id: string }]>`
      select id from users
    `;
    await test.deps.sql`
      insert into api_keys (user_id, name, prefix, hash, scopes, created_at)
      values (${id}, 'all', 'pl_Ab3dE9xZ', ${hashToken(KEY)}, ${[
      "stats:read",
      "admin",
    ]}, now())
    `;
    const wrong = { "x-api-key": "wrong" };
    const twice = { "x-api-key": API_KEY, authorization: `Bearer ${API_KEY}` };
    const json = { "content-type": "application/json" };
    const large = { "x": "x".repeat(110_000) };
    for (const name of READERS) {
      await state.get(name, 401);
      await state.get(name, 401, wrong);
      await state.get(name, 400, twice);
      await state.get(name, 403, { "x-api-key": KEY });
      await state.get(name, 401, { cookie: "paceline_access=x" });
    }
    await state.get(OPEN_READER, 401, wrong);
    await state.get(OPEN_READER, 400, twice);
    await state.get(OPEN_READER, 403, { "x-api-key": KEY });
    for (const name of Object.keys(CLOSED)) await state.post(name, 401);
    await state.post("refresh", 401);
    await browser.logIn();
    const expired = { cookie: "paceline_refresh=x" };
    for (const name of Object.keys(POSTS)) {
      await state.post(name, 401, undefined, wrong);
      await state.post(name, 400, undefined, twice);
      await state.post(name, 403, undefined, { "x-api-key": KEY });
      await state.post(name, 403, undefined, { origin: "https://evil.test" });
      await state.post(name, 400, { yeer: 1 });
      await state.post(name, 413, large);
      await state.post(name, 415, undefined, { "content-type": "text/plain" });
      if (name in CLOSED) await state.post(name, 401, undefined, expired);
    }
    await state.post("refresh", 401, undefined, expired);
    // The refusal has cleared the browser's cookies.
    await browser.logIn();
    for (const name of [...READERS, OPEN_READER]) {
      await state.get(`${name}?yeer=1`, 400);
    }
    const cookie = [...browser.cookies].map(([name, value]) =>
      `${name}=${value}`
    ).join("; ");
    const headers = { ...json, cookie, origin: "http://frontend.test" };
    for (const name of Object.keys(POSTS)) {
      const path = toPath(name);
      const broken = await test.post(path, { headers, body: "{" });
      assert.equal(broken.status, 400);
      await contract.check("POST", path, broken);
    }
    test.deps.sleep = () => Promise.resolve();
    for (const name of Object.keys(POSTS)) {
      const path = toPath(name);
      const body = new ReadableStream();
      const slow = await test.post(path, { headers, body });
      assert.equal(slow.status, 408);
      await contract.check("POST", path, slow);
    }
  },

  async "there are too many logins"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    await browser.logIn();
    const { passwords } = test.deps;
    const busy = () => Promise.reject(new BusyError());
    test.deps.passwords = { hash: busy, verify: busy };
    for (const name of COSTLY) await state.post(name, 503);
    test.deps.passwords = passwords;
    await test.deps.sql`update login_attempts set count = 100`;
    for (const name of COSTLY) await state.post(name, 429);
  },

  async "something of accounts is broken"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    await browser.logIn();
    await test.deps.sql`alter table sessions rename to gone`;
    for (const name of [...READERS, OPEN_READER]) await state.get(name, 500);
    for (const name of Object.keys(POSTS)) await state.post(name, 500);
  },

  async "the database of accounts is away"(contract) {
    await using state = await openState(contract);
    const { test, browser } = state;
    await browser.logIn();
    await test.deps.sql.end();
    for (const name of [...READERS, OPEN_READER]) await state.get(name, 503);
    for (const name of Object.keys(POSTS)) await state.post(name, 503);
  },
};
