import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createApp } from "../../../server/app.ts";
import type { WebApp } from "../../../server/web/web_app.ts";
import { loadWebApp } from "../../../server/web/web_app.ts";
import { createWebRoutes } from "../../../server/web/web_routes.ts";
import { buildWebApp, DIST } from "../../../web/build/build.ts";
import type { Variable } from "../../../server/config.ts";
import type { TestLog } from "../../support/log.ts";
import { createTestApp } from "../../support/app.ts";

type Send = (
  path: string,
  headers?: Record<string, string>,
  method?: string,
) => Promise<Response>;

/** Builds the app if needed, and returns a function that asks a server for its pages and files. */
async function withWebApp(
  use: (send: Send, webApp: WebApp, log: TestLog) => Promise<void>,
  env: Partial<Record<Variable, string>> = {},
): Promise<void> {
  await buildWebApp();
  const webApp = await loadWebApp(new URL(`file://${DIST}/`));
  assert.ok(webApp);
  await using app = await createTestApp({ env });
  const serve = createApp(app.deps, webApp);
  const send: Send = async (path, headers = {}, method = "GET") =>
    await serve(
      new Request(`http://localhost:5001${path}`, { method, headers }),
    );
  await use(send, webApp, app.log);
}

Deno.test("web app: answers every page with the same document", async () => {
  await withWebApp(async (send, { pages }) => {
    assert.ok(pages.includes("/") && pages.includes("/activities"));
    const bodies = new Set<string>();
    for (const page of pages) {
      const response = await send(
        page.replace("{id}", "12").replace(":token", "ps_x"),
      );
      assert.equal(response.status, 200, page);
      assert.equal(
        response.headers.get("content-type"),
        "text/html; charset=utf-8",
      );
      bodies.add(await response.text());
    }
    assert.equal(bodies.size, 1);
  });
});

Deno.test("web app: forbids inline code, other hosts and being framed", async () => {
  await withWebApp(async (send) => {
    const response = await send("/");
    const policy = response.headers.get("content-security-policy") ?? "";
    const html = await response.text();

    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /style-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|\son\w+=|https?:/);
  });
});

Deno.test("web app: serves files that browsers keep forever, compressed", async () => {
  await withWebApp(async (send, { files }) => {
    const script = files.find(({ path }) => /^assets\/.*\.js$/.test(path))!;
    const path = `/${script.path}`;

    const plain = await send(path);
    const brotli = await send(path, { "accept-encoding": "gzip, br" });
    const gzip = await send(path, { "accept-encoding": "gzip, br;q=0" });
    const text = await plain.text();

    assert.equal(
      plain.headers.get("cache-control"),
      "public, max-age=31536000, immutable",
    );
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(brotli.headers.get("content-encoding"), "br");
    assert.equal(gzip.headers.get("content-encoding"), "gzip");
    assert.equal(
      brotliDecompressSync(await brotli.bytes()).toString(),
      text,
    );
    assert.equal(gunzipSync(await gzip.bytes()).toString(), text);
    assert.match(plain.headers.get("vary") ?? "", /accept-encoding/);
  });
});

Deno.test("web app: answers 304 to the tag of the same encoding only", async () => {
  await withWebApp(async (send) => {
    const first = await send("/", { "accept-encoding": "br" });
    const tag = first.headers.get("etag")!;

    const same = await send("/", {
      "accept-encoding": "br",
      "if-none-match": tag,
    });
    const other = await send("/", { "if-none-match": tag });

    assert.equal(same.status, 304);
    assert.equal(await same.text(), "");
    assert.equal(other.status, 200);
    assert.equal(first.headers.get("cache-control"), "no-cache");
  });
});

Deno.test("web app: refuses paths other than pages and built files", async () => {
  await withWebApp(async (send) => {
    for (
      const path of [
        "/nope",
        "/files.json",
        "/index.html",
        "/activities/x",
        "/activities/12/x",
        "/assets/nope.js",
        "/assets/../files.json",
        "/assets/%2e%2e%2ffiles.json",
      ]
    ) assert.equal((await send(path)).status, 404, path);
    assert.equal((await send("/activities", {}, "POST")).status, 405);
  });
});

Deno.test("web app: keeps the token of a shared page out of the log", async () => {
  await withWebApp(async (send, _app, log) => {
    const response = await send("/shared/ps_secretsecret");
    await response.body?.cancel();
    assert.match(log.text(), /\/shared\/\*\*\*/);
    assert.doesNotMatch(log.text(), /ps_secret/);
  });
});

Deno.test("web app: starts its addresses from the path behind a proxy", async () => {
  await withWebApp(async (send) => {
    const page = await send("/training-log/activities");
    const html = await page.text();
    const [, script] = /src="\.\/(assets\/[^"]+)"/.exec(html) ?? [];

    assert.match(html, /<base href="\/training-log\/">/);
    assert.equal((await send(`/training-log/${script}`)).status, 200);
  }, { PUBLIC_URL: "http://localhost:5001/training-log" });
});

Deno.test("loadWebApp: returns undefined if no app has been built", async () => {
  const folder = await Deno.makeTempDir();
  const app = await loadWebApp(new URL(`file://${folder}/`));
  await Deno.remove(folder);
  assert.equal(app, undefined);
});

Deno.test("createWebRoutes: has no path that the API has", async () => {
  await using app = await createTestApp();
  await buildWebApp();
  const webApp = await loadWebApp(new URL(`file://${DIST}/`));
  const paths = createWebRoutes(webApp!, { basePath: "" })
    .map(({ path }) => path.replace("{id}", "1").replace(":token", "ps_x"))
    .filter((path) => path !== "/");
  for (const path of paths) {
    const response = await app.get(path);
    await response.body?.cancel();
    assert.equal(response.status, 404, path);
  }
});
