import assert from "node:assert/strict";
import { createTestApp, type TestApp } from "../../support/app.ts";

const PAGES = ["/docs", "/redoc"];

for (const path of PAGES) {
  Deno.test(`GET ${path}: loads nothing from other hosts and has nothing inline`, async () => {
    await using test = await createTestApp();

    const response = await test.get(path);

    const html = await response.text();
    assert.equal(response.status, 200);
    assert.equal(
      response.headers.get("content-type"),
      "text/html; charset=utf-8",
    );
    assert.doesNotMatch(html, /\/\/\w/, "names another host");
    assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]+src=)/i);
  });

  Deno.test(`GET ${path}: allows only its own files by policy`, async () => {
    await using test = await createTestApp();

    const response = await test.get(path);

    const policy = readPolicy(response);
    assert.equal(policy.get("default-src"), "'none'");
    assert.equal(policy.get("script-src"), "'self'");
    assert.equal(policy.get("connect-src"), "'self'");
    assert.equal(policy.get("frame-ancestors"), "'none'");
    assert.doesNotMatch([...policy.values()].join(), /unsafe|https?:|\*/);
    await response.body?.cancel();
  });

  Deno.test(`GET ${path}: links only to existing files with the right type`, async () => {
    await using test = await createTestApp();
    const html = await (await test.get(path)).text();

    const files = await readFiles(test, html);

    assert.ok(files.length >= 4, `only ${files.length} files`);
    for (const { name, response, text } of files) {
      assert.equal(response.status, 200, name);
      assert.equal(
        response.headers.get("content-type"),
        TYPES[name.split(".").at(-1)!],
        name,
      );
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.ok(text.length > 10, `${name} is empty`);
    }
  });
}

Deno.test("GET /redoc: serves a script without an image of another host", async () => {
  await using test = await createTestApp();

  const response = await test.get("/redoc/redoc.standalone.js");

  const script = await response.text();
  assert.match(script, /src:"data:,"/, "the logo has moved");
  assert.doesNotMatch(script, /cdn\.redoc/);
});

Deno.test("GET /docs: loads the document without a validator or another host", async () => {
  await using test = await createTestApp();

  const response = await test.get("/docs/start.js");

  const script = await response.text();
  assert.match(script, /validatorUrl: null/);
  assert.match(script, /url: "\/openapi\.json"/);
  assert.doesNotMatch(script, /:\/\//);
});

Deno.test("GET /docs/swagger-ui.css: answers 304 to a client that has it", async () => {
  await using test = await createTestApp();
  const path = "/docs/swagger-ui.css";
  const first = await test.get(path);
  const etag = first.headers.get("etag")!;
  await first.body?.cancel();

  const same = await test.get(path, { headers: { "if-none-match": etag } });
  const other = await test.get(path, {
    headers: { "if-none-match": 'W/"old"' },
  });

  assert.equal(first.headers.get("cache-control"), "no-cache");
  assert.equal(same.status, 304);
  assert.equal(same.headers.get("etag"), etag);
  assert.equal(await same.text(), "");
  assert.equal(other.status, 200);
  await other.body?.cancel();
});

Deno.test("GET /docs/swagger-ui.css: compresses the same text on request", async () => {
  await using test = await createTestApp();
  const path = "/docs/swagger-ui.css";

  const packed = await test.get(path, {
    headers: { "accept-encoding": "br, gzip" },
  });
  const plain = await test.get(path, {
    headers: { "accept-encoding": "gzip;q=0" },
  });

  assert.equal(packed.headers.get("content-encoding"), "gzip");
  assert.match(packed.headers.get("vary")!, /accept-encoding/i);
  assert.equal(plain.headers.get("content-encoding"), null);
  const unpacked = packed.body!.pipeThrough(new DecompressionStream("gzip"));
  assert.equal(await new Response(unpacked).text(), await plain.text());
});

Deno.test("GET /openapi.json: serves the document of docs/", async () => {
  await using test = await createTestApp();
  const written = await Deno.readTextFile(
    new URL("../../../docs/openapi.json", import.meta.url),
  );

  const response = await test.get("/openapi.json");

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(
    await response.json(),
    JSON.parse(written),
    "run 'deno task openapi'",
  );
});

Deno.test("other routes: keep the policy that allows nothing", async () => {
  await using test = await createTestApp();

  const response = await test.get("/openapi.json");

  assert.equal(readPolicy(response).get("default-src"), "'none'");
  assert.equal(readPolicy(response).get("script-src"), undefined);
  await response.body?.cancel();
});

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml; charset=utf-8",
};

function readPolicy(response: Response): Map<string, string> {
  const policy = response.headers.get("content-security-policy") ?? "";
  return new Map(
    policy.split("; ").map((part) => {
      const [name = "", ...values] = part.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

interface PageFile {
  name: string;
  response: Response;
  text: string;
}

async function readFiles(test: TestApp, html: string): Promise<PageFile[]> {
  const names = [...html.matchAll(/(?:src|href|spec-url)="([^"]+)"/g)]
    .map(([, name]) => name!);
  if (html.includes("/docs/start.js")) names.push("/openapi.json");
  return await Promise.all(names.map(async (name) => {
    const response = await test.get(name);
    return { name, response, text: await response.text() };
  }));
}
