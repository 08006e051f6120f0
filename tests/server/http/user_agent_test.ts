import assert from "node:assert/strict";
import { readUserAgent } from "../../../server/http/user_agent.ts";

const CASES: [string, string | undefined, string | undefined][] = [
  ["returns a browser's", "Mozilla/5.0 (X11)", "Mozilla/5.0 (X11)"],
  ["returns undefined without the header", undefined, undefined],
  ["returns undefined for blanks", "  ", undefined],
  ["returns undefined for control characters only", "\u001b\u0085", undefined],
  ["removes terminal escapes", "a\u001b[2Jb\u009b1mc", "a[2Jb1mc"],
  ["cuts a huge one", "x".repeat(100_000), "x".repeat(200)],
];

for (const [promise, given, agent] of CASES) {
  Deno.test(`readUserAgent: ${promise}`, () => {
    const headers = new Headers(
      given === undefined ? {} : { "user-agent": given },
    );
    assert.equal(readUserAgent(headers), agent);
  });
}
