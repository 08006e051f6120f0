/**
 * Tests the web app in a browser, as a new user meets it. Run by `deno task web:test`, because it
 * needs Node, npm, Chromium and, the first time, a network.
 */
import assert from "node:assert/strict";
import { createSetUpCode } from "../../server/accounts/set_up.ts";
import { createApp } from "../../server/app.ts";
import { loadWebApp } from "../../server/web/web_app.ts";
import { buildWebApp, DIST } from "../../web/build/build.ts";
import { PAGE_PATHS } from "../../web/src/page_paths.ts";
import { ROOT } from "../../cli/root.ts";
import { insertUser, PASSWORD } from "../support/accounts.ts";
import {
  createHistory,
  createTestApp,
  type TestApp,
  type TestAppOptions,
} from "../support/app.ts";
import { createGpx } from "../support/files.ts";
import { takeFreePort } from "../support/port.ts";
import {
  CHROMIUM,
  hasChromium,
  installProject,
  runWell,
} from "../sdk/workshop.ts";

/** Sizes and colours in which every page is opened. */
const VIEWS = [
  { width: 360, height: 780, colorScheme: "light" },
  { width: 768, height: 1000, colorScheme: "dark" },
  { width: 1440, height: 900, colorScheme: "light" },
];
const HINT = hasChromium ? "" : ` (no Chromium at ${CHROMIUM})`;
/** Time for a script, in milliseconds. A quiet machine takes half a minute. */
const LIMIT_MS = 280_000;

/** A running server with the web app, and a folder with the scripts. */
interface Site extends AsyncDisposable {
  url: string;
  test: TestApp;
  folder: string;
  /** Runs a script in a browser. Returns what it has found. */
  run(script: string, options: Record<string, unknown>): Promise<Found>;
}

/** The findings of a script. */
interface Found {
  console: string[];
  foreign: string[];
  overflow?: string[];
  axe?: string[];
  steps?: Record<string, unknown>;
}

async function openSite(options: TestAppOptions = {}): Promise<Site> {
  await buildWebApp();
  await using parts = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "paceline-web-" });
  parts.defer(() => Deno.remove(folder, { recursive: true }));
  await installProject(`${ROOT}/tests/web/browser`, `${folder}/browser`);
  const port = takeFreePort();
  const origin = `http://localhost:${port}`;
  const test = parts.use(
    await createTestApp({
      ...options,
      env: {
        FRONTEND_URL: origin,
        STRAVA_REDIRECT_URI: `${origin}/strava/callback`,
        RATE_LIMIT: "off",
      },
    }),
  );
  const webApp = await loadWebApp(new URL(`file://${DIST}/`));
  const handle = createApp(test.deps, webApp);
  parts.use(Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handle(request, { address: "127.0.0.1" }),
  ));
  const url = `${origin}/`;
  const owned = parts.move();
  return {
    url,
    test,
    folder,
    async run(script, options) {
      const input = {
        chromium: CHROMIUM,
        screenshots: Deno.env.get("SCREENSHOTS") ?? folder,
        url,
        password: PASSWORD,
        ...options,
      };
      const output = await runWell(
        "node",
        [script, JSON.stringify(input)],
        { cwd: `${folder}/browser`, milliseconds: LIMIT_MS },
      );
      return JSON.parse(output);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test({
  name: `web app: sets up an instance and imports files in a browser${HINT}`,
  ignore: !hasChromium,
}, async () => {
  await using site = await openSite();
  const files = [`${site.folder}/run.gpx`, `${site.folder}/broken.gpx`];
  await Deno.writeTextFile(files[0]!, createGpx("2026-11-19T08:00:00Z"));
  await Deno.writeTextFile(files[1]!, "<gpx>");

  const found = await site.run("journey.mjs", {
    code: createSetUpCode(site.test.config),
    files,
  });

  const { wrongCode, key, ...steps } = found.steps!;
  assert.match(String(wrongCode), /This is not the set-up code/);
  assert.match(String(key), /^pl_/);
  assert.deepEqual(steps, {
    refusal: "broken.gpx",
    activities: 1,
    overview: true,
    lang: "de",
    dark: "dark",
    loggedOut: "You are logged out.",
  });
  assert.deepEqual([found.console, found.foreign], [[], []]);
});

for (const view of VIEWS) {
  Deno.test({
    name:
      `web app: shows every page ${view.width} pixels wide, ${view.colorScheme}${HINT}`,
    ignore: !hasChromium,
  }, async () => {
    const activities = createHistory(60);
    await using site = await openSite({ activities, synced: true });
    await insertUser(site.test, { username: "ada", role: "admin" });
    await site.test.deps.sql`
      update athletes
      set user_id = (select id from users)
    `;
    const paths = PAGE_PATHS.filter((path) => !/[{:]/.test(path));

    const found = await site.run("pages.mjs", {
      username: "ada",
      pages: [...paths, `/activities/${activities[0]!.id}`, "/shared/ps_none"],
      view,
    });

    const { foreign, overflow, axe } = found;
    // The browser reports the refusal of the link that does not exist.
    const errors = found.console.filter((text) => !/\b40[04]\b/.test(text));
    assert.deepEqual({ errors, foreign, overflow, axe }, {
      errors: [],
      foreign: [],
      overflow: [],
      axe: [],
    });
  });
}
