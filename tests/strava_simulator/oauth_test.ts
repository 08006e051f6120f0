import assert from "node:assert/strict";
import { createStrava, type Strava } from "../../strava_simulator/simulator.ts";
import {
  assertFault,
  ATHLETE_ID,
  createRig,
  post,
  SCOPES,
} from "./simulator.ts";

const CALLBACK = "http://localhost:8000/strava/callback?keep=1";

function authorizeUrl(
  params: Record<string, string> = {},
  path = "/oauth/authorize",
): string {
  const query = new URLSearchParams({
    client_id: "12345",
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "activity:read,read",
    state: "s&1",
    ...params,
  });
  return `http://strava.test${path}?${query}`;
}

function createFresh(): { strava: Strava; clock: { now: number } } {
  const clock = { now: Date.UTC(2026, 10, 20, 12) };
  const strava = createStrava({ now: () => clock.now });
  strava.addAthlete({ id: ATHLETE_ID });
  return { strava, clock };
}

function authorize(
  strava: Strava,
  params: Record<string, string> = {},
): Promise<Response> {
  return strava.fetch(new Request(authorizeUrl(params)));
}

function decide(
  strava: Strava,
  fields: Record<string, string>,
  params: Record<string, string> = {},
): Promise<Response> {
  return post(
    strava,
    authorizeUrl(params).slice("http://strava.test".length),
    fields,
  );
}

function readTarget(response: Response): URL {
  assert.equal(response.status, 302);
  return new URL(response.headers.get("Location") ?? "");
}

const CLIENT = {
  client_id: "12345",
  client_secret: "0123456789abcdef0123456789abcdef01234567",
};

async function readCode(
  strava: Strava,
  scopes = "activity:read",
): Promise<string> {
  const response = await decide(strava, { decision: "authorize", scopes });
  return readTarget(response).searchParams.get("code") ?? "";
}

function exchange(strava: Strava, code: string): Promise<Response> {
  return post(strava, "/oauth/token", {
    ...CLIENT,
    grant_type: "authorization_code",
    code,
  });
}

function refresh(strava: Strava, token: string): Promise<Response> {
  return post(strava, "/oauth/token", {
    ...CLIENT,
    grant_type: "refresh_token",
    refresh_token: token,
  });
}

Deno.test("GET /oauth/authorize: shows a consent page with a box for each scope", async () => {
  for (const path of ["/oauth/authorize", "/oauth/mobile/authorize"]) {
    const { strava } = createFresh();

    const response = await strava.fetch(new Request(authorizeUrl({}, path)));
    const html = await response.text();

    assert.equal(response.status, 200);
    assert.match(
      response.headers.get("Content-Security-Policy") ?? "",
      /default-src 'none'/,
    );
    assert.match(
      response.headers.get("Content-Security-Policy") ?? "",
      /form-action 'self' http:/,
    );
    assert.equal(response.headers.get("X-Ratelimit-Limit"), null);
    assert.match(html, /<form method="post">/);
    assert.match(html, /name="scopes" value="activity:read" checked>/);
    assert.doesNotMatch(html, /<script|src=|<link/);
    assert.match(html, /This is a simulation of Strava/);
  }
});

Deno.test("GET / of the simulator: says that it is a simulator", async () => {
  const { strava } = createFresh();

  const response = await strava.fetch(new Request("http://strava.test/"));

  assert.equal(response.status, 200);
  assert.match(
    response.headers.get("Content-Security-Policy") ?? "",
    /default-src 'none'.*form-action 'none'/,
  );
  assert.equal(response.headers.get("X-Ratelimit-Limit"), null);
  assert.match(await response.text(), /This is a simulation of Strava/);
});

Deno.test("GET /oauth/authorize: allows its style by hash", async () => {
  const { strava } = createFresh();

  const response = await authorize(strava);
  const style = /<style>([^]*)<\/style>/.exec(await response.text())?.[1] ?? "";
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(style),
  );

  const policy = response.headers.get("Content-Security-Policy") ?? "";
  assert.ok(
    policy.includes(`'sha256-${new Uint8Array(digest).toBase64()}'`),
    policy,
  );
});

Deno.test("GET /oauth/authorize: refuses parameters of another app", async () => {
  const cases: [Record<string, string>, string, string][] = [
    [{ client_id: "1" }, "Application", "client_id"],
    [
      { redirect_uri: "https://evil.example/cb" },
      "Application",
      "redirect_uri",
    ],
    [
      { redirect_uri: "https://evil-localhost/cb" },
      "Application",
      "redirect_uri",
    ],
    [{ redirect_uri: "nonsense" }, "Application", "redirect_uri"],
    [{ response_type: "token" }, "Authorize", "response_type"],
    [{ scope: "activity:everything" }, "Authorize", "scope"],
    [{ scope: "view_private" }, "Authorize", "scope"],
    [{ scope: "" }, "Authorize", "scope"],
  ];
  for (const [params, resource, field] of cases) {
    const { strava } = createFresh();
    await assertFault(
      await authorize(strava, params),
      400,
      "Bad Request",
      resource,
      field,
      "invalid",
    );
  }
});

Deno.test("GET /oauth/authorize: allows the domain, its subdomains and local names", async () => {
  const strava = createStrava({ callbackDomain: "example.com" });
  strava.addAthlete({ id: ATHLETE_ID });
  const allowed = [
    "https://example.com/x",
    "https://api.example.com",
    "http://127.0.0.1:1/",
  ];
  for (const uri of [...allowed, "http://localhost/"]) {
    const response = await authorize(strava, { redirect_uri: uri });
    await response.body?.cancel();
    assert.equal(response.status, 200, uri);
  }
});

Deno.test("POST /oauth/authorize: returns state, code and the ticked scopes", async () => {
  const { strava } = createFresh();

  const response = await decide(strava, {
    decision: "authorize",
    scopes: "profile:read_all,activity:read",
  });

  const target = readTarget(response);
  assert.equal(target.searchParams.get("keep"), "1");
  assert.equal(target.searchParams.get("state"), "s&1");
  assert.match(target.searchParams.get("code") ?? "", /^[0-9a-f]{40}$/);
  assert.equal(
    target.searchParams.get("scope"),
    "read,activity:read",
    "only what was asked for",
  );
});

Deno.test("POST /oauth/authorize: grants at least read, or returns an error on cancel", async () => {
  const { strava } = createFresh();

  const bare = readTarget(await decide(strava, { decision: "authorize" }));
  const cancelled = readTarget(await decide(strava, { decision: "cancel" }));

  assert.equal(bare.searchParams.get("scope"), "read");
  assert.equal(cancelled.searchParams.get("error"), "access_denied");
  assert.equal(cancelled.searchParams.get("state"), "s&1");
  assert.equal(cancelled.searchParams.get("code"), null);
});

Deno.test("GET /oauth/authorize: asks again only with force or for new scopes", async () => {
  const { strava } = createFresh();
  await exchange(strava, await readCode(strava, "read"));

  const again = await authorize(strava);
  const forced = await authorize(strava, { approval_prompt: "force" });
  const wider = await authorize(strava, {
    scope: "activity:read,profile:read_all",
  });
  await Promise.all([forced.body?.cancel(), wider.body?.cancel()]);

  assert.equal(
    readTarget(again).searchParams.get("scope"),
    "read",
    "what was refused stays so",
  );
  assert.equal(forced.status, 200);
  assert.equal(wider.status, 200);
});

Deno.test("GET /oauth/authorize: lets the user choose among several athletes", async () => {
  const { strava } = createFresh();
  strava.addAthlete({ id: 2, firstname: "Grace <b>" });

  const page = await (await authorize(strava)).text();
  const response = await decide(strava, {
    decision: "authorize",
    athlete_id: "2",
  });
  const code = readTarget(response).searchParams.get("code") ?? "";
  const tokens = await (await exchange(strava, code)).json();

  assert.match(
    page,
    /type="radio" name="athlete_id" value="2"> Grace &lt;b&gt;/,
  );
  assert.equal(tokens.athlete.id, 2);
});

Deno.test("autoApprove: redirects at once with every requested scope", async () => {
  const { strava } = createFresh();
  strava.autoApprove = true;

  const target = readTarget(await authorize(strava));

  assert.equal(target.searchParams.get("scope"), "read,activity:read");
});

Deno.test("POST /oauth/token: returns a token pair with the athlete's summary", async () => {
  const { strava, clock } = createFresh();

  const response = await exchange(strava, await readCode(strava));
  const tokens = await response.json();

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("X-Ratelimit-Limit"), null);
  assert.equal(tokens.token_type, "Bearer");
  assert.equal(tokens.expires_in, 21_600);
  assert.equal(tokens.expires_at, clock.now / 1000 + 21_600);
  assert.equal(tokens.scope, "activity:read read");
  assert.equal(tokens.athlete.id, ATHLETE_ID);
  assert.equal(tokens.athlete.resource_state, 2);
  assert.ok(!("bikes" in tokens.athlete));
  assert.equal(strava.usage().daily, 0);
});

Deno.test("POST /oauth/token: accepts a form, JSON or the query on both paths", async () => {
  const { strava } = createFresh();
  const fields = async (): Promise<Record<string, string>> => ({
    ...CLIENT,
    grant_type: "authorization_code",
    code: await readCode(strava),
  });
  const json = new Request("http://strava.test/api/v3/oauth/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(await fields()),
  });
  const query = new Request(
    `http://strava.test/oauth/token?${new URLSearchParams(await fields())}`,
    { method: "POST" },
  );

  assert.equal((await strava.fetch(json)).status, 200);
  assert.equal((await strava.fetch(query)).status, 200);
  assert.equal(
    (await post(strava, "/api/v3/oauth/token", await fields())).status,
    200,
  );
});

Deno.test("POST /oauth/token: accepts a code once, within ten minutes", async () => {
  const { strava, clock } = createFresh();
  const used = await readCode(strava);
  const old = await readCode(strava);
  assert.equal((await exchange(strava, used)).status, 200);
  assert.equal((await exchange(strava, used)).status, 400, "used");
  clock.now += 10 * 60_000;

  for (const code of [old, "", "never"]) {
    const response = await exchange(strava, code);
    await assertFault(
      response,
      400,
      "Bad Request",
      "AuthorizationCode",
      "code",
      "invalid",
    );
  }
});

Deno.test("POST /oauth/token: refuses a wrong client and an unknown grant", async () => {
  const { strava } = createFresh();
  const grant = { grant_type: "refresh_token", refresh_token: "x" };
  const cases: [Record<string, string>, string, string][] = [
    [{ ...CLIENT, ...grant, client_id: "9" }, "Application", "client_id"],
    [
      { ...CLIENT, ...grant, client_secret: "9" },
      "Application",
      "client_secret",
    ],
    [{ ...CLIENT, grant_type: "password" }, "Application", "grant_type"],
    [{ ...CLIENT, ...grant }, "RefreshToken", "refresh_token"],
  ];
  for (const [fields, resource, field] of cases) {
    const response = await post(strava, "/oauth/token", fields);
    await assertFault(response, 400, "Bad Request", resource, field, "invalid");
  }
});

Deno.test("POST /oauth/token: returns the same pair over an hour before expiry", async () => {
  const { strava, clock, token } = createRig();
  const before = strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
  clock.now += (5 * 3600 - 1) * 1000;

  const tokens = await (await refresh(strava, before)).json();

  assert.equal(tokens.access_token, token);
  assert.equal(tokens.refresh_token, before);
  assert.equal(tokens.expires_in, 3601);
  assert.ok(!("athlete" in tokens));
});

Deno.test("POST /oauth/token: rotates both tokens in the last hour", async () => {
  const { strava, clock, token, get } = createRig();
  const before = strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
  clock.now += 5 * 3600_000;

  const tokens = await (await refresh(strava, before)).json();
  const again = await refresh(strava, before);

  assert.notEqual(tokens.access_token, token);
  assert.notEqual(tokens.refresh_token, before);
  assert.equal(tokens.expires_in, 21_600);
  assert.equal(
    strava.grants.liveRefreshToken(ATHLETE_ID),
    tokens.refresh_token,
  );
  await assertFault(
    again,
    400,
    "Bad Request",
    "RefreshToken",
    "refresh_token",
    "invalid",
  );
  assert.equal(
    (await get("/athlete")).status,
    200,
    "the old access token lives on",
  );
  assert.deepEqual(strava.grants.liveAccessTokens(ATHLETE_ID), [
    token,
    tokens.access_token,
  ]);
  clock.now += 3600_000;
  assert.equal((await get("/athlete")).status, 401, "until its own expiry");
  assert.equal((await get("/athlete", tokens.access_token)).status, 200);
});

Deno.test("POST /oauth/revoke: revokes every token of the athlete, by either token", async () => {
  const basic = {
    Authorization: `Basic ${btoa(`12345:${CLIENT.client_secret}`)}`,
  };
  for (const kind of ["access", "refresh"]) {
    const { strava, token, get } = createRig();
    const refreshToken = strava.grants.liveRefreshToken(ATHLETE_ID) ?? "";
    const given = kind === "access" ? token : refreshToken;

    const response = await post(
      strava,
      "/oauth/revoke",
      { token: given },
      basic,
    );

    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
    assert.equal((await get("/athlete")).status, 401);
    assert.equal((await refresh(strava, refreshToken)).status, 400);
    assert.equal(strava.grants.get(ATHLETE_ID), undefined);
  }
});

Deno.test("POST /oauth/revoke: answers 200 for an unknown token, 401 for a wrong client", async () => {
  const { strava } = createRig();
  const basic = {
    Authorization: `Basic ${btoa(`12345:${CLIENT.client_secret}`)}`,
  };
  const wrong = { Authorization: `Basic ${btoa("12345:wrong")}` };

  const unknown = await post(
    strava,
    "/oauth/revoke",
    { token: "unknown" },
    basic,
  );
  const refused = await post(
    strava,
    "/oauth/revoke",
    { token: "unknown" },
    wrong,
  );

  assert.equal(unknown.status, 200);
  await assertFault(
    refused,
    401,
    "Authorization Error",
    "Application",
    "",
    "invalid",
  );
});

Deno.test("POST /oauth/revoke: does not end a later grant by an old token", async () => {
  const { strava, token } = createRig();
  strava.deauthorize(ATHLETE_ID);
  strava.grants.issue(ATHLETE_ID, SCOPES);

  const basic = {
    Authorization: `Basic ${btoa(`12345:${CLIENT.client_secret}`)}`,
  };
  await post(strava, "/oauth/revoke", { token }, basic);

  assert.ok(strava.grants.get(ATHLETE_ID));
});

Deno.test("POST /oauth/deauthorize: needs a valid access token, until June 2027", async () => {
  const { strava, clock, token } = createRig();
  const bearer = { Authorization: `Bearer ${token}` };

  const response = await post(strava, "/oauth/deauthorize", {}, bearer);
  const again = await post(strava, "/oauth/deauthorize", {}, bearer);
  clock.now = Date.UTC(2027, 5, 1);
  const retired = await post(strava, "/oauth/deauthorize", {}, bearer);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("X-Ratelimit-Usage"), "0,0");
  assert.deepEqual(await response.json(), { access_token: token });
  await assertFault(
    again,
    401,
    "Authorization Error",
    "Athlete",
    "access_token",
    "invalid",
  );
  assert.equal(retired.status, 404);
});

Deno.test("access_token in the query: is accepted until 1 June 2027", async () => {
  const { strava, clock } = createRig();
  const call = (token: string): Promise<Response> =>
    strava.fetch(
      new Request(`http://strava.test/api/v3/athlete?access_token=${token}`),
    );
  clock.now = Date.UTC(2027, 4, 31, 23, 59, 59);
  const { token } = strava.grants.issue(ATHLETE_ID, SCOPES).access;

  assert.equal((await call(token)).status, 200);
  clock.now += 1000;
  assert.equal((await call(token)).status, 401);
});
