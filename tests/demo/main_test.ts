import assert from "node:assert/strict";
import { createOutput } from "../../demo/output.ts";
import { ROOT } from "../../cli/root.ts";
import { takeFreePort } from "../support/port.ts";

function startDemo(
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } =
    {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `${ROOT}/demo/main.ts`, ...args],
    env: { NO_COLOR: "1", ACTIVITIES: "300", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads until the text appears and keeps the reader open. */
async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  end: string,
): Promise<string> {
  let text = "";
  while (!text.includes(end)) {
    const { value, done } = await reader.read();
    assert.ok(!done, `It ended with: ${text}`);
    text += value;
  }
  return text;
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ port, hostname: "127.0.0.1" })).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("deno task demo: connects, syncs and serves until it is interrupted", async () => {
  const port = takeFreePort();
  await using demo = startDemo({
    env: { PORT: String(port), CORS_ORIGINS: "https://page.test" },
  });
  const reader = demo.stdout.pipeThrough(new TextDecoderStream()).getReader();

  const shown = await readUntil(reader, "Ctrl-C ends everything.");
  const page = await fetch(`http://localhost:${port}/`);
  await page.body?.cancel();
  // The React example's README promises that the demo is all it needs.
  const origin = "http://localhost:5173";
  const [ytd, listed] = await Promise.all(
    [origin, "https://page.test"].map(async (origin) => {
      const path = `http://localhost:${port}/strava/stats/ytd`;
      const response = await fetch(path, { headers: { origin } });
      await response.body?.cancel();
      return response;
    }),
  );
  const [, username, password] = /Log in as\s+(\w+), password "([^"]+)"/.exec(
    shown,
  ) ?? [];
  const login = await fetch(`http://localhost:${port}/api/auth/login`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0])
    .join("; ");
  const athletes = await fetch(`http://localhost:${port}/api/athletes`, {
    headers: { origin, cookie },
  });
  const { data: [athlete] } = await athletes.json();
  const strava = new URL(/Simulated Strava\s+(\S+)/.exec(shown)?.[1] ?? "");
  const wasListening = await isListening(Number(strava.port));
  demo.kill("SIGINT");
  const [{ code }, complaint] = await Promise.all([
    demo.status,
    new Response(demo.stderr).text(),
  ]);
  await reader.cancel();

  assert.match(shown, /^300 of 300 activities$/m);
  assert.equal(page.status, 200);
  assert.equal(ytd?.headers.get("access-control-allow-origin"), origin);
  assert.equal(
    listed?.headers.get("access-control-allow-origin"),
    "https://page.test",
  );
  assert.equal((await login.json()).user.username, "demo");
  assert.deepEqual([athlete.owner.username, athlete.visibility], [
    "demo",
    "public",
  ]);
  assert.ok(wasListening);
  assert.deepEqual([code, complaint], [0, ""]);
  assert.ok(!await isListening(port));
});

Deno.test("deno task demo | head: ends quietly with everything it started", async () => {
  const port = takeFreePort();
  await using demo = startDemo({ env: { PORT: String(port) } });
  const reader = demo.stdout.pipeThrough(new TextDecoderStream()).getReader();

  await readUntil(reader, "\n");
  await reader.cancel();

  const complaint = await new Response(demo.stderr).text();
  assert.deepEqual([(await demo.status).code, complaint], [141, ""]);
  assert.ok(!await isListening(port));
});

Deno.test("deno task demo: reports problems before it starts anything", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const cases: [Parameters<typeof startDemo>[0], number, RegExp][] = [
    [{ args: ["--fast"] }, 2, /^Usage: deno task demo$/m],
    [{ env: { PORT: "no" } }, 2, /^PORT must be a number.*"no"$/m],
    [{ env: { CORS_ORIGINS: "page" } }, 1, /CORS_ORIGINS must be a comma-/],
    [
      { env: { PORT: String(listener.addr.port) } },
      1,
      /^Port \d+ is taken. Choose another: PORT=\d+ deno task demo$/m,
    ],
  ];
  for (const [options, code, message] of cases) {
    const { code: actual, stdout, stderr } = await startDemo(options).output();
    const decoder = new TextDecoder();
    assert.match(decoder.decode(stderr), message);
    assert.equal(actual, code);
    assert.equal(decoder.decode(stdout), "");
  }
});

Deno.test("createOutput: writes everything in partial writes", () => {
  let written = "";
  const output = createOutput({
    isTerminal: () => false,
    writeSync(bytes) {
      written += new TextDecoder().decode(bytes.subarray(0, 2));
      return Math.min(bytes.length, 2);
    },
  });

  output.writeSync(new TextEncoder().encode("hello"));

  assert.equal(written, "hello");
});
