import assert from "node:assert/strict";
import { parseEnvFile } from "../../cli/environment.ts";

const LINES = [
  'STRAVA_CLIENT_ID="4242"',
  "STRAVA_CLIENT_SECRET='case'   # of the settings page",
  "export PORT=5403",
  "",
];
const EXPECTED = {
  STRAVA_CLIENT_ID: "4242",
  STRAVA_CLIENT_SECRET: "case",
  PORT: "5403",
};

Deno.test("parseEnvFile: accepts a byte order mark and every line end", () => {
  for (const mark of ["", "\ufeff"]) {
    for (const end of ["\n", "\r\n", "\r"]) {
      const bytes = new TextEncoder().encode(mark + LINES.join(end));
      assert.deepEqual({ ...parseEnvFile(bytes) }, EXPECTED);
    }
  }
  assert.deepEqual({ ...parseEnvFile(new Uint8Array()) }, {});
});

Deno.test("parseEnvFile: refuses UTF-16 and other encodings with a sentence", () => {
  const text = `\ufeff${LINES.join("\r\n")}`;
  const little = new Uint8Array(
    Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer,
  );
  const big = little.map((_, at) => little[at ^ 1]!);
  for (const bytes of [little, big, little.slice(2)]) {
    assert.throws(
      () => parseEnvFile(bytes),
      /\.env": its encoding is UTF-16\. Save it as UTF-8/,
    );
  }
  assert.throws(
    () => parseEnvFile(Uint8Array.of(65, 61, 0xe9, 10)),
    /is not UTF-8/,
  );
});
