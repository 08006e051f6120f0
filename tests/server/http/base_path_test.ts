import assert from "node:assert/strict";
import { createClient } from "@paceline/sdk";
import { ROOT } from "../../../cli/root.ts";
import { toNextSteps } from "../../../cli/next_steps.ts";
import { createDropBasePath } from "../../../server/http/base_path.ts";
import { maintainSubscription } from "../../../server/webhook/subscription.ts";
import { CADDY, hasCaddy, startCaddy } from "../../sdk/caddy.ts";
import { insertUser, PASSWORD } from "../../support/accounts.ts";
import { API_KEY, createTestApp, type TestApp } from "../../support/app.ts";
import { takeFreePort } from "../../support/port.ts";
import { consent } from "../../support/sign_in.ts";

const HINT = hasCaddy
  ? ""
  : ` (no Caddy at ${CADDY}; on Debian: apt-get install caddy)`;

/** The two kinds of proxies: `handle_path` removes the path, `handle` passes it on. */
const DIRECTIVES = ["handle_path", "handle"] as const;

type Directive = typeof DIRECTIVES[number];

/** A server that browsers reach under a path of the proxy's origin. */
interface Site extends AsyncDisposable {
  test: TestApp;
  /** The public URL, with the path. */
  url: string;
  /** Sends a request through the proxy, and follows no redirect. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
}

type Send = (request: Request) => Promise<Response>;

async function createApp(
  url: string,
  getSend: () => Send,
): Promise<TestApp> {
  return await createTestApp({
    env: {
      PUBLIC_URL: url,
      STRAVA_REDIRECT_URI: `${url}/strava/callback`,
      FRONTEND_URL: url,
      WEBHOOK_VERIFY_TOKEN: "test-verify-token",
      TRUSTED_PROXIES: "1",
      ANSWER_CACHE_MB: "8",
    },
    strava: { fetch: (request) => getSend()(request) },
  });
}

/** Puts a function in front of the server that does what the directive does. */
async function imitateProxy(directive: Directive, path: string): Promise<Site> {
  const url = `https://localhost${path}`;
  const send: Send = async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${path}/`)) {
      return new Response("Another program", { status: 502 });
    }
    const target = new URL(request.url);
    if (directive === "handle_path") {
      target.pathname = pathname.slice(path.length);
    }
    return await test.app(new Request(target, request));
  };
  const test = await createApp(url, () => send);
  return {
    test,
    url,
    fetch: (to, init) => send(new Request(to, init)),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** Reads the site that docs/deploy.md recommends, for another port of the server. */
async function readCaddySite(
  directive: Directive,
  port: number,
): Promise<string> {
  const page = await Deno.readTextFile(`${ROOT}/docs/deploy.md`);
  const [, site] = /^```caddyfile\nexample\.com \{\n([^]*?)\n\}\n```/m
    .exec(page)!;
  assert.match(site!, /handle_path \/paceline\/\*/);
  return site!.replace("handle_path", directive).replace("5001", String(port));
}

/** Starts the server behind Caddy, as docs/deploy.md describes it. */
async function startProxy(directive: Directive): Promise<Site> {
  await using parts = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "paceline-path-" });
  parts.defer(() => Deno.remove(folder, { recursive: true }));
  const port = takeFreePort();
  const url = `https://localhost:${port}/paceline`;
  const send: Send = (request) => fetch(request, { client });
  const test = parts.use(await createApp(url, () => send));
  const server = parts.use(Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, { remoteAddr }) =>
      test.app(request, { address: remoteAddr.hostname }),
  ));
  const site = await readCaddySite(directive, server.addr.port);
  const caddy = parts.use(
    await startCaddy({ folder, sites: { [port]: site } }),
  );
  const client = parts.use(Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(caddy.authority)],
  }));
  const moved = parts.move();
  return {
    test,
    url,
    fetch: (to, init) => fetch(to, { ...init, client, redirect: "manual" }),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Returns the addresses in a page's links, files and attributes, in full. */
function listAddresses(html: string, page: string): string[] {
  return [...html.matchAll(/(?:src|href|spec-url)="([^"]+)"/g)]
    .map(([, address]) => new URL(address!, page).href);
}

/** Opens every page and what it links to. */
async function checkPages({ url, fetch }: Site): Promise<void> {
  const path = new URL(url).pathname;
  for (const name of ["/", "/docs", "/docs/", "/redoc"]) {
    const page = `${url}${name}`;
    const response = await fetch(page);
    assert.equal(response.status, 200, page);
    const addresses = listAddresses(await response.text(), page);
    assert.ok(addresses.length > 3, page);
    for (const address of addresses) {
      assert.ok(address.startsWith(url), `${page}: ${address}`);
      const linked = await fetch(address);
      await linked.body?.cancel();
      const isServed = linked.status === 200 || linked.status === 302 ||
        // Nobody is connected.
        address.endsWith("/strava/stats/ytd") && linked.status === 404;
      assert.ok(isServed, `${page}: ${address} is ${linked.status}`);
    }
  }
  const start = await (await fetch(`${url}/docs/start.js`)).text();
  assert.match(start, new RegExp(`url: "${path}/openapi.json"`));
  const openapi = await (await fetch(`${url}/openapi.json`)).json();
  assert.deepEqual(openapi.servers, [{ url: path }]);
  const { session } = openapi.components.securitySchemes;
  const suffix = path.replaceAll("/", "_");
  assert.equal(session.name, `__Host-paceline_access${suffix}`);
}

/** Connects an athlete as a browser does. */
async function checkSignIn({ test, url, fetch }: Site): Promise<void> {
  const asked = await fetch(`${url}/strava/authorize`);
  assert.equal(asked.status, 302);
  const [cookie] = asked.headers.getSetCookie();
  assert.match(cookie!, /; Path=\/; .*; Secure$/);
  const back = await consent(new URL(asked.headers.get("location")!), {});
  assert.ok(back.href.startsWith(`${url}/strava/callback?`), back.href);
  const headers = { cookie: cookie!.split(";")[0]! };
  const done = await fetch(back, { headers });
  assert.equal(done.status, 303);
  const location = done.headers.get("location")!;
  assert.equal(location, `${url}/?strava=success`);
  assert.match(await (await fetch(location)).text(), /<b>Connected<\/b>/);
  await test.idle();
}

/** Logs in and calls a procedure with the session's cookies. */
async function checkSession({ test, url, fetch }: Site): Promise<void> {
  await insertUser(test);
  const { origin, pathname } = new URL(url);
  const login = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ username: "ada", password: PASSWORD }),
  });
  assert.equal(login.status, 200, await login.text());
  const cookies = login.headers.getSetCookie().map((line) =>
    line.split(";")[0]!
  );
  const suffix = pathname.replaceAll("/", "_");
  for (const cookie of cookies) {
    assert.match(cookie, new RegExp(`^__Host-paceline_[a-z]+${suffix}=`));
  }
  const headers = { cookie: cookies.join("; ") };
  const me = await fetch(`${url}/api/auth/me`, { headers });
  assert.equal((await me.json()).user.username, "ada");
}

/** Reads through the SDK, REST and the kept answers. */
async function checkCalls({ test, url, fetch }: Site): Promise<void> {
  for (const base of [url, `${url}/`]) {
    const api = createClient({
      url: base,
      apiKey: API_KEY,
      fetch: (to, init) => fetch(to, init),
    });
    const [ytd] = await Promise.all([
      api.stats.ytd.query(),
      api.stats.monthly.query(),
    ]);
    assert.equal(ytd.type, "ytd");
  }
  const first = await fetch(`${url}/strava/stats/ytd?exclude_sport=Swim`);
  const again = await fetch(`${url}/strava/stats/ytd/?exclude_sport=Swim`, {
    headers: { "if-none-match": first.headers.get("etag")! },
  });
  assert.deepEqual([first.status, again.status], [200, 304]);
  await first.body?.cancel();
  const missing = await fetch(`${url}/strava/nothing`);
  assert.equal((await missing.json()).reason, "not_found");
  assert.doesNotMatch(test.log.text(), /"path":"[^"]*paceline/);
}

/** Subscribes to push events: Strava validates the callback URL. */
async function checkWebhook({ test, url }: Site): Promise<void> {
  await maintainSubscription(test.deps, { force: true });
  const { subscription } = test.strava.push;
  assert.ok(subscription?.callback_url.startsWith(`${url}/strava/webhook/`));
}

async function checkAll(site: Site): Promise<void> {
  await checkPages(site);
  await checkSignIn(site);
  await checkPages(site);
  await checkSession(site);
  await checkCalls(site);
  await checkWebhook(site);
  const steps = toNextSteps(site.test.config, { needsSetUp: false });
  for (const [address] of steps.matchAll(/https:\S+/g)) {
    assert.ok(address.startsWith(site.url), address);
    const { status, body } = await site.fetch(address);
    await body?.cancel();
    assert.ok(status === 200 || status === 302, address);
  }
}

for (const directive of DIRECTIVES) {
  for (const path of ["/paceline", "/a/b-c.d~1", "/strava", "/api"]) {
    Deno.test(`PUBLIC_URL with ${path}: works behind a proxy with ${directive}`, async () => {
      await using site = await imitateProxy(directive, path);
      await checkAll(site);
    });
  }

  Deno.test({
    name:
      `Caddy of docs/deploy.md: serves under a path with ${directive}${HINT}`,
    ignore: !hasCaddy,
  }, async () => {
    await using site = await startProxy(directive);
    await checkAll(site);
    const short = await site.fetch(site.url);
    await short.body?.cancel();
    assert.equal(short.status, 302);
    assert.equal(short.headers.get("location"), "/paceline/");
  });
}

const ROUTES = [
  "/",
  "/docs",
  "/health/live",
  "/api/health",
  "/strava/activities/{id}",
  "/strava/webhook/:secret",
  "/trpc/*",
].map((path) => ({ method: "GET", path, handle: () => new Response() }));

Deno.test("createDropBasePath: removes the path once, and only whole segments", () => {
  for (
    const [basePath, path, expected] of [
      ["", "/paceline/docs", "/paceline/docs"],
      ["/paceline", "/paceline", "/"],
      ["/paceline", "/paceline/", "/"],
      ["/paceline", "/paceline/docs?a=1&b=%2F", "/docs?a=1&b=%2F"],
      ["/paceline", "/paceline?strava=success", "/?strava=success"],
      ["/paceline", "/docs", "/docs"],
      ["/paceline", "/pacelinedocs", "/pacelinedocs"],
      ["/paceline", "/Paceline/docs", "/Paceline/docs"],
      ["/paceline", "/paceline%2Fdocs", "/paceline%2Fdocs"],
      ["/paceline", "/x/paceline/docs", "/x/paceline/docs"],
      ["/paceline", "//paceline/docs", "//paceline/docs"],
      ["/paceline", "/paceline/paceline/docs", "/paceline/docs"],
      ["/paceline", "/paceline/../docs", "/docs"],
      ["/paceline", "/paceline//evil.test/x", "//evil.test/x"],
      ["/api", "/api/health", "/api/health"],
      ["/api", "/api/health/", "/api/health/"],
      ["/api", "/api/api/health", "/api/health"],
      ["/api", "/api/docs", "/docs"],
      ["/strava", "/strava/activities/12", "/strava/activities/12"],
      ["/strava", "/strava/strava/activities/12", "/strava/activities/12"],
      ["/strava", "/strava/trpc/stats.ytd", "/trpc/stats.ytd"],
      ["/strava", "/strava", "/"],
    ] as const
  ) {
    const drop = createDropBasePath({ basePath, routes: ROUTES });
    const { url } = drop(new Request(`http://localhost:5001${path}`));
    assert.equal(url, `http://localhost:5001${expected}`, path);
  }
});

Deno.test("createDropBasePath: keeps the method, the headers and the body", async () => {
  const drop = createDropBasePath({ basePath: "/paceline", routes: ROUTES });
  const request = drop(
    new Request("http://localhost/paceline/trpc/x", {
      method: "POST",
      headers: { "x-api-key": "k" },
      body: "text",
    }),
  );

  assert.equal(request.url, "http://localhost/trpc/x");
  assert.equal(request.method, "POST");
  assert.equal(request.headers.get("x-api-key"), "k");
  assert.equal(await request.text(), "text");
});

Deno.test("basePath: two servers of one host do not share cookies", async () => {
  await using one = await imitateProxy("handle_path", "/one");
  await using two = await imitateProxy("handle_path", "/two");
  const names = await Promise.all([one, two].map(async ({ url, fetch }) => {
    const { headers } = await fetch(`${url}/strava/authorize`);
    return headers.getSetCookie()[0]!.split("=")[0];
  }));

  assert.deepEqual(names, [
    "__Host-paceline_oauth_one",
    "__Host-paceline_oauth_two",
  ]);
});

Deno.test("basePath: leaves a request with a wrong Host to the check of hosts", async () => {
  await using test = await createTestApp({
    env: { PUBLIC_URL: "https://example.com/paceline" },
  });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => test.app(request),
  );
  const { port } = server.addr;
  for (const host of ["a[b", "::::", "x:99999999"]) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(
      `GET /paceline/docs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    ));
    const answer = await new Response(connection.readable).text();

    assert.match(answer, /^HTTP\/1\.1 400 /, host);
  }
});
