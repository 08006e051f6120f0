import assert from "node:assert/strict";
import {
  type Client,
  type ClientOptions,
  createClient,
  type SessionOptions,
} from "@paceline/sdk";
import { insertUser, PASSWORD } from "../support/accounts.ts";
import {
  API_KEY,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import {
  type BrowserFetch,
  catchApiError,
  createBrowserFetch,
  openPage,
} from "./support.ts";

const LOGIN = { username: "ada", password: PASSWORD };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Page extends BrowserFetch {
  api: Client;
  /** The calls of `onSignedOut`. */
  ends: string[];
}

/** A client in a session, in a page that keeps cookies as a browser does. */
function openClient(
  test: Pick<TestApp, "app">,
  { cookies, ...options }:
    & Partial<ClientOptions>
    & { cookies?: Map<string, string> } = {},
): Page {
  const browser = createBrowserFetch(test, cookies);
  const ends: string[] = [];
  const session: SessionOptions = { onSignedOut: (why) => ends.push(why) };
  const api = createClient({
    url: "http://localhost:5001",
    fetch: browser.fetch,
    session,
    ...options,
  });
  return { ...browser, api, ends };
}

Deno.test("session: logs in and out with cookies that the client never sees", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, cookies, ends } = openClient(test);

  const login = await api.auth.login.mutate(LOGIN);
  const me = await api.auth.me.query();
  const names = [...cookies.keys()];
  await api.auth.logout.mutate();
  const after = await catchApiError(api.auth.me.query());

  assert.equal(login.access_token, undefined);
  assert.equal(me.user.username, "ada");
  assert.ok(me.session.access_expires_at instanceof Date);
  assert.deepEqual(names, [
    "paceline_access",
    "paceline_refresh",
    "paceline_device",
  ]);
  assert.equal(after.reason, "missing_session");
  assert.deepEqual([...cookies.keys()], ["paceline_device"]);
  assert.deepEqual(ends, ["logged_out"]);
});

Deno.test("session: refreshes once for a call after the access token expired", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, sent, ends } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  sent.length = 0;

  const me = await api.auth.me.query();
  const { revoked } = await api.auth.revokeOtherSessions.mutate();

  assert.equal(me.user.username, "ada");
  assert.equal(revoked, 0);
  assert.deepEqual(sent, [
    "auth.me",
    "auth.refresh",
    "auth.me",
    "auth.revokeOtherSessions",
  ]);
  assert.deepEqual(ends, []);
});

Deno.test("session: refreshes with the refresh cookie alone, as after a night", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, cookies } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  cookies.delete("paceline_access");

  // Loads the page again: the client does not know of a login.
  const next = openClient(test, { cookies });
  assert.equal((await next.api.auth.me.query()).user.username, "ada");
});

Deno.test("session: refreshes once for concurrent calls and runs none of them twice", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const other = openClient(test);
  await other.api.auth.login.mutate(LOGIN);
  const { api, sent } = openClient(test, { batch: false });
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  sent.length = 0;

  const answers = await Promise.all([
    api.auth.me.query(),
    api.auth.sessions.query(),
    api.auth.me.query(),
    api.auth.revokeOtherSessions.mutate(),
  ]);

  assert.equal(answers[3].revoked, 1);
  assert.equal(sent.filter((path) => path === "auth.refresh").length, 1);
  assert.equal(sent.length, 9);
});

Deno.test("session: refreshes once for two tabs that expire at the same moment", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  using _page = openPage();
  const one = openClient(test);
  await one.api.auth.login.mutate(LOGIN);
  const two = openClient(test, { cookies: one.cookies });
  test.clock.now += 16 * MINUTE_MS;
  // The note uses the browser's clock, so the clock must move on.
  await new Promise((resolve) => setTimeout(resolve, 2));

  await Promise.all([one.api.auth.me.query(), two.api.auth.me.query()]);

  const refreshes = [...one.sent, ...two.sent].filter((path) =>
    path === "auth.refresh"
  );
  assert.equal(refreshes.length, 1);
});

Deno.test("session: uses another tab's refresh until that expires too", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  using _page = openPage();
  const one = openClient(test);
  await one.api.auth.login.mutate(LOGIN);
  const two = openClient(test, { cookies: one.cookies });
  for (let hours = 0; hours < 3; hours++) {
    test.clock.now += HOUR_MS;
    await two.api.auth.me.query();
    await one.api.auth.me.query();
  }

  assert.deepEqual([one.ends, two.ends], [[], []]);
  assert.equal(one.sent.filter((path) => path === "auth.refresh").length, 0);
  assert.equal(two.sent.filter((path) => path === "auth.refresh").length, 3);
});

Deno.test("session: keeps tabs logged in without locks and storage", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const one = openClient(test);
  await one.api.auth.login.mutate(LOGIN);
  const two = openClient(test, { cookies: one.cookies });
  test.clock.now += 16 * MINUTE_MS;

  await Promise.all([one.api.auth.me.query(), two.api.auth.me.query()]);
  test.clock.now += 16 * MINUTE_MS;
  await one.api.auth.me.query();
  await two.api.auth.me.query();

  assert.deepEqual([one.ends, two.ends], [[], []]);
});

Deno.test("session: ignores a note of a refresh in the future", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  using _page = openPage();
  const { api } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  for (const name of Object.keys(localStorage)) {
    localStorage.setItem(name, String(Date.now() + DAY_MS));
  }

  assert.equal((await api.auth.me.query()).user.username, "ada");
});

Deno.test("session: calls onSignedOut once if the session was ended elsewhere", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, ends, cookies } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  const elsewhere = openClient(test);
  await elsewhere.api.auth.login.mutate(LOGIN);
  await elsewhere.api.auth.revokeOtherSessions.mutate();

  const errors = await Promise.all(
    [1, 2, 3].map(() => catchApiError(api.auth.me.query())),
  );
  const after = await catchApiError(api.auth.me.query());

  assert.deepEqual(
    errors.map(({ reason, status, path }) => [reason, status, path]),
    Array(3).fill(["session_expired", 401, "auth.me"]),
  );
  assert.equal(after.reason, "missing_session");
  assert.deepEqual(ends, ["expired"]);
  assert.deepEqual([...cookies.keys()], ["paceline_device"]);
});

Deno.test("session: does not call onSignedOut for a user who never logged in", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  const { api, sent, ends } = openClient(test);

  const error = await catchApiError(api.auth.me.query());
  const ytd = await api.stats.ytd.query();

  assert.deepEqual([error.reason, ytd.type], ["missing_session", "ytd"]);
  assert.deepEqual([sent, ends], [["auth.me", "stats.ytd"], []]);
});

Deno.test("session: signs out when the cookies expired, as after a week away", async () => {
  await using test = await createTestApp({ env: { PUBLIC_STATS: "false" } });
  await insertUser(test);
  for (const call of ["me", "ytd"] as const) {
    const { api, ends, cookies } = openClient(test);
    await api.auth.login.mutate(LOGIN);
    test.clock.now += 8 * DAY_MS;
    cookies.clear();

    const error = await catchApiError(
      call === "me" ? api.auth.me.query() : api.stats.ytd.query(),
    );

    assert.equal(error.status, 401);
    assert.deepEqual(ends, ["expired"]);
  }
});

Deno.test("session: reports a wrong password without a refresh", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, sent, ends } = openClient(test);

  const error = await catchApiError(
    api.auth.login.mutate({ ...LOGIN, password: "wrong" }),
  );

  assert.deepEqual([error.reason, error.status], ["invalid_login", 401]);
  assert.deepEqual([sent, ends], [["auth.login"], []]);
});

Deno.test("session: repeats a refresh whose response is lost, without signing out", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = createBrowserFetch(test);
  let lost = 0;
  const ends: string[] = [];
  const api = createClient({
    url: "http://localhost:5001",
    session: { onSignedOut: (why) => ends.push(why) },
    async fetch(url, init) {
      if (!url.includes("auth.refresh") || lost > 0) {
        return await browser.fetch(url, init);
      }
      lost++;
      // The server answered, but the browser received neither the response nor its cookies.
      await createBrowserFetch(test, new Map(browser.cookies)).fetch(url, init);
      throw new TypeError("connection reset");
    },
  });
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;

  assert.equal((await api.auth.me.query()).user.username, "ada");
  test.clock.now += 16 * MINUTE_MS;
  assert.equal((await api.auth.me.query()).user.username, "ada");
  assert.deepEqual([lost, ends], [1, []]);
});

Deno.test("session: does not sign out while the server is down", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = createBrowserFetch(test);
  let isDown = false;
  const ends: string[] = [];
  const api = createClient({
    url: "http://localhost:5001",
    retries: 0,
    session: { onSignedOut: (why) => ends.push(why) },
    fetch: (url, init) =>
      isDown && url.includes("auth.refresh")
        ? Promise.reject(new TypeError("unreachable"))
        : browser.fetch(url, init),
  });
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;

  isDown = true;
  const error = await catchApiError(api.auth.me.query());
  isDown = false;

  assert.deepEqual([error.reason, ends], ["network_error", []]);
  assert.equal((await api.auth.me.query()).user.username, "ada");
});

Deno.test("session: aborts one call during a refresh while the others continue", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = createBrowserFetch(test);
  const opened = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const api = createClient({
    url: "http://localhost:5001",
    session: true,
    async fetch(url, init) {
      if (url.includes("auth.refresh")) {
        asked.resolve();
        await opened.promise;
      }
      return await browser.fetch(url, init);
    },
  });
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  const controller = new AbortController();
  const { signal } = controller;
  const given = catchApiError(api.auth.me.query(undefined, { signal }));
  const kept = api.auth.me.query();
  await asked.promise;

  controller.abort();

  assert.equal((await given).reason, "aborted");
  opened.resolve();
  assert.equal((await kept).user.username, "ada");
});

Deno.test("session: sends calls that set cookies outside of batches", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, sent, cookies } = openClient(test);

  const [login, error] = await Promise.all([
    api.auth.login.mutate(LOGIN),
    catchApiError(api.admin.refresh.mutate()),
    catchApiError(api.admin.refresh.mutate()),
  ]);

  assert.equal(login.user.username, "ada");
  assert.equal(error.status, 401);
  assert.deepEqual(sent.sort(), ["admin.refresh,admin.refresh", "auth.login"]);
  assert.equal(cookies.size, 3);
});

Deno.test("session: keeps and refreshes tokens with return_tokens, without cookies", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, cookies, sent, ends } = openClient(test);

  const login = await api.auth.login.mutate({ ...LOGIN, return_tokens: true });
  const first = await api.auth.me.query();
  test.clock.now += HOUR_MS;
  const later = await Promise.all([api.auth.me.query(), api.auth.me.query()]);
  const refreshes = sent.filter((path) => path === "auth.refresh").length;
  test.clock.now += HOUR_MS;
  await api.auth.logout.mutate();
  const over = await catchApiError(api.auth.me.query());
  const [session] = await test.deps.sql<{ revoked: boolean }[]>`
    select revoked_at is not null as revoked
    from sessions
  `;

  assert.match(login.access_token ?? "", /^pa_/);
  assert.deepEqual([cookies.size, refreshes], [0, 1]);
  assert.equal(later[1].session.id, first.session.id);
  assert.equal(session?.revoked, true);
  assert.deepEqual([over.reason, ends], ["missing_session", ["logged_out"]]);
});

Deno.test("session: drops tokens that were revoked elsewhere", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const { api, ends } = openClient(test);
  await api.auth.login.mutate({ ...LOGIN, return_tokens: true });
  const elsewhere = openClient(test);
  await elsewhere.api.auth.login.mutate(LOGIN);
  await elsewhere.api.auth.revokeOtherSessions.mutate();

  const error = await catchApiError(api.auth.me.query());
  const after = await catchApiError(api.auth.me.query());

  assert.deepEqual([error.reason, ends], ["session_expired", ["expired"]]);
  assert.equal(after.reason, "missing_session");
});

Deno.test("session: signs out after a logout in another tab", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  using _page = openPage();
  const { api, ends } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  const key = Object.keys(localStorage).find((name) =>
    name.includes("localhost:5001")
  );

  for (const newValue of [String(Date.now()), String(-Date.now())]) {
    const event = Object.assign(new Event("storage"), { key, newValue });
    globalThis.dispatchEvent(event);
  }

  assert.deepEqual(ends, ["logged_out"]);
});

Deno.test("session: refreshes for a stream that starts expired", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  await insertUser(test, { role: "admin" });
  const { api, sent } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  test.clock.now += 16 * MINUTE_MS;
  sent.length = 0;

  const events = api.sync.progress.subscribe()[Symbol.asyncIterator]();
  const { value } = await events.next();
  await events.return?.();

  assert.equal(value?.data.activities, 20);
  assert.deepEqual(sent, ["sync.progress", "auth.refresh", "sync.progress"]);
});

Deno.test("session: refreshes for a stream whose access token expires on the way", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  await insertUser(test, { role: "admin" });
  const { api, sent } = openClient(test);
  await api.auth.login.mutate(LOGIN);
  sent.length = 0;
  const events = api.sync.progress.subscribe()[Symbol.asyncIterator]();
  await events.next();

  test.clock.now += 16 * MINUTE_MS;
  const next = events.next();
  await test.post("/strava/refresh-data", { key: true });
  const { value } = await next;
  await events.return?.();

  assert.equal(value?.data.run?.trigger, "refresh");
  assert.deepEqual(sent, ["sync.progress", "auth.refresh", "sync.progress"]);
});

Deno.test("createClient: refuses an API key together with a session", () => {
  const options = { url: "", apiKey: API_KEY, session: true };
  assert.throws(() => createClient(options), /not both/);
});

Deno.test("createClient: sends no cookies without a session", async () => {
  await using test = await createTestApp({
    activities: createHistory(20),
    synced: true,
  });
  const credentials: unknown[] = [];
  const api = createClient({
    url: "http://localhost:5001",
    fetch(url, init) {
      credentials.push(init.credentials);
      return test.app(new Request(url, init));
    },
  });

  await api.stats.ytd.query();

  assert.deepEqual(credentials, [undefined]);
});
