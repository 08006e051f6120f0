import assert from "node:assert/strict";
import type { LogRecord } from "@logtape/logtape";
import { formatJson, formatRequest } from "../../server/log.ts";

/** Returns the record that the logger creates from `template` and `properties`. */
function toRecord(
  template: string,
  properties: Record<string, unknown>,
): LogRecord {
  const parts = template.split(/\{(\w+)\}/);
  return {
    category: ["paceline"],
    level: "info",
    timestamp: Date.UTC(2025, 11, 6, 9),
    rawMessage: template,
    message: parts.map((part, i) => i % 2 === 0 ? part : properties[part]),
    properties,
  };
}

Deno.test("LOG_FORMAT=json: writes the full message and its properties", () => {
  const line = formatJson(
    toRecord("{method} {path} {status}", {
      method: "GET",
      path: "/strava/stats/ytd",
      status: 200,
      requestId: "id-1",
    }),
  );

  assert.deepEqual(JSON.parse(line), {
    "@timestamp": "2025-12-06T09:00:00.000Z",
    level: "INFO",
    message: "GET /strava/stats/ytd 200",
    logger: "paceline",
    method: "GET",
    path: "/strava/stats/ytd",
    status: 200,
    requestId: "id-1",
  });
});

Deno.test("LOG_FORMAT=json: writes one line per record, with its cause", () => {
  const cause = new Error("no route", { cause: new TypeError("deeper") });
  const line = formatJson(
    toRecord("Activity {id} cannot be stored: {reason}", {
      id: { a: [1, "b\u001b[2J\n"] },
      reason: 'sport: "\r\nforged\u0000"',
      cause,
    }),
  );

  assert.equal(line.trimEnd().split(/[\r\n]/).length, 1);
  assert.doesNotMatch(line.trimEnd(), /\p{Cc}/u);
  const { message, cause: told } = JSON.parse(line);
  assert.match(message, /^Activity \{ a: \[ 1, .* cannot be stored: sport: "/s);
  assert.equal(told.message, "no route");
  assert.equal(told.cause.message, "deeper");
});

Deno.test("formatRequest: writes what the logger writes for the same request", () => {
  const line = {
    requestId: "id-1",
    method: "GET",
    path: '/strava/stats/ytd"\n\u0007',
    status: 304,
    milliseconds: 12,
  };
  const record = toRecord("{method} {path} {status}", line);

  const text = formatRequest(line, record.timestamp);

  assert.deepEqual(JSON.parse(text), JSON.parse(formatJson(record)));
  assert.equal(text, formatJson(record));
});

/** Writes lines as a server process does that shares its output with others. */
const WRITER = `
  import { createLog } from "${new URL(
  "../../server/log.ts",
  import.meta.url,
)}";
  const { logRequest } = await createLog({ logLevel: "info", logFormat: "json", processes: 2 });
  for (let n = 0; n < 8000; n++) {
    const path = "/" + Deno.args[0].repeat(n % 50 + 1);
    logRequest({ requestId: String(n), method: "GET", path, status: 200, milliseconds: 0 });
  }
`;

Deno.test("createLog: keeps the lines of several processes whole in a full pipe", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/writer.ts`, WRITER);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const run = `"${Deno.execPath()}" run -A --config "${config}" writer.ts`;
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", `${run} a & ${run} b & wait`],
    cwd: dir,
    stdout: "piped",
  }).spawn();

  // It reads a page at a time, so both writers wait at a full pipe.
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader({ mode: "byob" });
  await new Promise((resolve) => setTimeout(resolve, 500));
  let text = "";
  for (;;) {
    const { value, done } = await reader.read(new Uint8Array(4096));
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  const { success } = await child.status;
  await Deno.remove(dir, { recursive: true });

  const lines = text.trimEnd().split("\n");
  assert.ok(success);
  assert.equal(lines.length, 16_000);
  for (const line of lines) JSON.parse(line);
});
