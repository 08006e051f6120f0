import assert from "node:assert/strict";
import { ROOT } from "../../../cli/root.ts";
import { CADDY, hasCaddy, startCaddy } from "../../sdk/caddy.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { takeFreePort } from "../../support/port.ts";

const HINT = hasCaddy
  ? ""
  : ` (no Caddy at ${CADDY}; on Debian: apt-get install caddy)`;

/** Returns the global options that docs/security.md recommends, with timeouts of eight seconds. */
async function readOptions(): Promise<string> {
  const page = await Deno.readTextFile(`${ROOT}/docs/security.md`);
  const [, options] = /^```caddyfile\n\{\n([^]*?)\n\}\n```/m.exec(page)!;
  return options!.replaceAll(/(read_header|read_body|idle) \w+/g, "$1 8s");
}

interface Proxy extends AsyncDisposable {
  test: TestApp;
  origin: string;
  /** The certificate of the authority that signed the proxy's. */
  authority: string;
  connect(): Promise<Deno.TlsConn>;
}

/** Starts a server behind Caddy as docs/security.md describes it. */
async function startProxy(): Promise<Proxy> {
  await using parts = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "paceline-proxy-" });
  parts.defer(() => Deno.remove(folder, { recursive: true }));
  const test = parts.use(
    await createTestApp({
      env: {
        TRUSTED_PROXIES: "1",
        RATE_LIMIT: "1000",
        STRAVA_REDIRECT_URI: "https://localhost/strava/callback",
      },
    }),
  );
  const server = parts.use(Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, { remoteAddr }) =>
      test.app(request, { address: remoteAddr.hostname }),
  ));
  const port = takeFreePort();
  const caddy = parts.use(
    await startCaddy({
      folder,
      options: await readOptions(),
      sites: { [port]: `reverse_proxy 127.0.0.1:${server.addr.port}` },
    }),
  );
  const authority = await Deno.readTextFile(caddy.authority);
  const moved = parts.move();
  return {
    test,
    origin: `https://localhost:${port}`,
    authority,
    connect: () =>
      Deno.connectTls({ hostname: "localhost", port, caCerts: [authority] }),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Connects, sends a text and returns the reply up to the end of the connection. */
async function exchange(proxy: Proxy, text: string): Promise<string> {
  using connection = await proxy.connect();
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let answer = "";
  try {
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(text));
    // Reads directly: a pipe would lose what it has queued when the connection breaks.
    for (let size; (size = await connection.read(buffer)) !== null;) {
      answer += decoder.decode(buffer.subarray(0, size));
    }
  } catch {
    // Closed without a farewell.
  }
  return answer;
}

Deno.test({
  name: `Caddy of docs/security.md: ends slow and idle connections${HINT}`,
  ignore: !hasCaddy,
}, async () => {
  await using proxy = await startProxy();
  const head = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";

  const answers = await Promise.all([
    exchange(proxy, head),
    exchange(proxy, `${head}\r\n`),
    exchange(proxy, `${head}x-large: ${"x".repeat(64 * 1024)}\r\n\r\n`),
  ]);

  const statuses = answers.map((text) => text.split("\r\n")[0]);
  assert.match(statuses[0]!, /^$|^HTTP\/1\.1 408/);
  assert.equal(statuses[1], "HTTP/1.1 200 OK");
  // The answer is lost if the connection closes while the headers are still being sent.
  assert.match(statuses[2]!, /^$|^HTTP\/1\.1 431/);
});

Deno.test({
  name: `Caddy of docs/security.md: passes the host and the address on${HINT}`,
  ignore: !hasCaddy,
}, async () => {
  await using proxy = await startProxy();
  using client = Deno.createHttpClient({ caCerts: [proxy.authority] });

  const response = await fetch(`${proxy.origin}/strava/stats/ytd`, {
    client,
    headers: { "x-forwarded-for": "203.0.113.7" },
  });

  // Nobody is connected. Another host would be a 400, `unknown_host`.
  assert.equal(response.status, 404);
  await response.body?.cancel();
  assert.equal(response.headers.get("ratelimit-remaining"), "999");
  assert.doesNotMatch(proxy.test.log.text(), /203\.0\.113\.7/);
});
