import assert from "node:assert/strict";
import { readUserAgent } from "../../../server/http/user_agent.ts";

const CASES: [string, string | undefined, string | undefined][] = [
  ["what a browser says", "Mozilla/5.0 (X11)", "Mozilla/5.0 (X11)"],
  ["none is none", undefined, undefined],
  ["an empty one is none", "  ", undefined],
  ["nothing but control characters is none", "\u001b\u0085", undefined],
  ["what writes on a terminal is cleaned", "a\u001b[2Jb\u009b1mc", "a[2Jb1mc"],
  ["a huge one is cut", "x".repeat(100_000), "x".repeat(200)],
];

for (const [promise, given, agent] of CASES) {
  Deno.test(`readUserAgent: ${promise}`, () => {
    const headers = new Headers(
      given === undefined ? {} : { "user-agent": given },
    );
    assert.equal(readUserAgent(headers), agent);
  });
}
