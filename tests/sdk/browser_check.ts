/**
 * Tests the example in a browser, over https and behind a proxy, as users run it. Run by `deno
 * task sdk:check`, because it needs Node, npm, Chromium, Caddy and, the first time, a network.
 */
import assert from "node:assert/strict";
import { build } from "../../sdk/build/build.ts";
import { ROOT } from "../../cli/root.ts";
import { insertUser, PASSWORD } from "../support/accounts.ts";
import { createHistory, createTestApp, type TestApp } from "../support/app.ts";
import { takeFreePort } from "../support/port.ts";
import { CADDY, hasCaddy, startCaddy } from "./caddy.ts";
import { CHROMIUM, hasChromium, installProject, runWell } from "./workshop.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const MISSING = [
  hasChromium ? [] : `no Chromium at ${CHROMIUM} (CHROMIUM says where)`,
  hasCaddy ? [] : `no Caddy at ${CADDY} (CADDY says where)`,
].flat();
const HINT = MISSING.length === 0
  ? ""
  : ` (${MISSING.join(" and ")}; on Debian: apt-get install chromium caddy)`;

Deno.test({
  name: `browser: runs the whole example over https behind Caddy${HINT}`,
  ignore: MISSING.length > 0,
}, async () => {
  const workshop = await Deno.makeTempDir({ prefix: "paceline-browser-" });
  await using _workshop = {
    [Symbol.asyncDispose]: () => Deno.remove(workshop, { recursive: true }),
  };
  const [server, control, elsewhere] = [
    takeFreePort(),
    takeFreePort(),
    takeFreePort(),
  ];
  const [api, page, strange] = [
    takeFreePort(),
    takeFreePort(),
    takeFreePort(),
  ];
  const origin = (port: number) => `https://localhost:${port}`;
  const dist = await buildExample(workshop, origin(api));
  await using caddy = await startCaddy({
    folder: workshop,
    sites: {
      [api]: `reverse_proxy 127.0.0.1:${server}`,
      [page]: `root * ${dist}\n\tfile_server`,
      [strange]:
        "respond `<!doctype html>` 200 {\n\t\tclose\n\t}\n\theader content-type text/html",
    },
  });
  await using test = await createTestApp({
    activities: createHistory(30).map((activity, index) =>
      index % 5 === 0
        ? { ...activity, sport_type: "WeightTraining", distance: 0 }
        : activity
    ),
    env: {
      STRAVA_REDIRECT_URI: `${origin(api)}/strava/callback`,
      FRONTEND_URL: origin(page),
      TRUSTED_PROXIES: "1",
    },
  });
  await insertUser(test);
  const forged: unknown[] = [];
  const tabs = createTabBarrier();
  await using _server = serve(server, async (request, { remoteAddr }) => {
    const { pathname } = new URL(request.url);
    await tabs.enter(request);
    const response = await test.app(request, { address: remoteAddr.hostname });
    tabs.leave(request, response);
    if (pathname === "/api/auth/logout") {
      forged.push([
        request.headers.get("origin"),
        // Requests from a page of the same site carry all cookies.
        request.headers.has("cookie"),
        response.status,
      ]);
    }
    return response;
  });
  await using _control = serve(control, (request) => {
    if (request.url.endsWith("/later")) tabs.arm();
    return runAction(test, request);
  });
  await using _elsewhere = serve(
    elsewhere,
    () =>
      new Response("<!doctype html>", {
        headers: { "content-type": "text/html" },
      }),
  );

  const found = JSON.parse(
    await runWell("node", [
      "journey.mjs",
      JSON.stringify({
        chromium: CHROMIUM,
        trusted: caddy.trusted,
        screenshots: Deno.env.get("SCREENSHOTS") ?? workshop,
        page: `${origin(page)}/`,
        api: origin(api),
        strange: `${origin(strange)}/`,
        elsewhere: `http://127.0.0.1:${elsewhere}/`,
        control: `http://127.0.0.1:${control}`,
        password: PASSWORD,
      }),
    ], {
      cwd: `${workshop}/browser`,
      env: { NODE_EXTRA_CA_CERTS: caddy.authority },
    }),
  );

  assert.deepEqual([found.anonymous, found.wrongPassword], [
    "not_connected",
    "invalid_login",
  ]);
  const flags = {
    secure: true,
    httpOnly: true,
    path: "/",
    domain: "localhost",
  };
  assert.deepEqual(found.cookies, [
    { name: "__Host-paceline_access", sameSite: "Lax", ...flags },
    { name: "__Host-paceline_device", sameSite: "Strict", ...flags },
    { name: "__Host-paceline_refresh", sameSite: "Strict", ...flags },
  ]);
  assert.equal(found.scriptSees, "");
  assert.equal(found.addressAfter, `${origin(page)}/`);
  assert.deepEqual([found.rows, found.visibility], [10, "private"]);
  assert.deepEqual(
    found.overflow,
    [0, 0, 0],
    "The page is wider than a screen",
  );
  assert.match(
    found.text,
    /This year so far[^]*\d+ times · [^]*Weight Training/,
  );
  assert.match(found.link, /\?share=ps_[\w-]{43}$/);
  assert.deepEqual(found.shared, { rows: 10, reason: null });
  assert.deepEqual(found.unshared, { rows: 0, reason: "athlete_not_found" });
  assert.match(found.mistyped, /^This share link is incomplete/);
  assert.match(found.stranger, /Log in to see yours\./);
  assert.equal(found.isConnectedShown, false, "A note about the past user");
  assert.deepEqual(found.refreshes, [1, 1, 1]);
  const same = [origin(strange), true, 403];
  const cross = [`http://127.0.0.1:${elsewhere}`, false, 403];
  assert.deepEqual(forged, [same, same, cross, cross]);
  // The device cookie remains after the logout; it opens nothing.
  assert.deepEqual([found.stolenCookies, found.cookiesAfterLogout], [3, 1]);
  assert.deepEqual(found.stolenOpens, [401, "session_expired"]);
  await assertAddresses(test);
});

/**
 * The address of a session is the one that Caddy reports, not Caddy's own and not one that a
 * client claims.
 */
async function assertAddresses({ deps: { sql } }: TestApp): Promise<void> {
  const rows = await sql<{ address: string | null }[]>`
    select distinct address
    from sessions
  `;
  for (const { address } of rows) {
    assert.ok(address === "127.0.0.1" || address === "::1", `${address}`);
  }
}

/** Builds the example for a server. */
async function buildExample(workshop: string, api: string): Promise<string> {
  await build(`${workshop}/sdk/dist`);
  await Deno.mkdir(`${workshop}/examples`);
  const example = `${workshop}/examples/react`;
  await installProject(`${ROOT}/examples/react`, example);
  await installProject(`${ROOT}/tests/sdk/browser`, `${workshop}/browser`);
  await runWell("npm", ["run", "build"], {
    cwd: example,
    env: { VITE_API_URL: api },
  });
  return `${example}/dist`;
}

/**
 * Once armed, holds a refresh until two tabs were refused, so that both need one at the same
 * moment.
 */
function createTabBarrier(): {
  arm(): void;
  enter(request: Request): Promise<void>;
  leave(request: Request, response: Response): void;
} {
  let barrier = Promise.withResolvers<void>();
  let refused = 2;
  barrier.resolve();
  return {
    arm() {
      barrier = Promise.withResolvers();
      refused = 0;
    },
    async enter({ method, url }) {
      if (method === "POST" && url.includes("auth.refresh")) {
        await barrier.promise;
      }
    },
    leave({ url }, { status }) {
      if (url.includes("/trpc/auth.me") && status === 401) refused++;
      if (refused >= 2) barrier.resolve();
    },
  };
}

/** The actions that the browser side requests. */
async function runAction(
  { clock, idle }: TestApp,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/idle") await idle();
  if (pathname === "/later") clock.now += 16 * MINUTE_MS;
  if (pathname === "/much_later") clock.now += 8 * DAY_MS;
  return new Response("");
}

function serve(
  port: number,
  handle: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {} },
    handle,
  );
}
