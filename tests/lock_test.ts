import assert from "node:assert/strict";
import { ROOT } from "../cli/root.ts";
import { slimLock } from "./slim_lock.ts";

Deno.test("deno.lock: lists no package that only redoc depends on", async () => {
  const text = await Deno.readTextFile(`${ROOT}/deno.lock`);

  assert.ok(
    text === slimLock(text),
    "Run: deno run --allow-read --allow-write=deno.lock tests/slim_lock.ts",
  );
  assert.match(text, /"redoc@[\d.]+": \{\s+"integrity": "sha512-[^"]+"\s+\}/);
  assert.doesNotMatch(text, /"(mobx|core-js|@redocly\/[\w-]+)@/);
});

Deno.test("slimLock: keeps packages that others depend on", () => {
  const lock = {
    version: "5",
    specifiers: {
      "npm:redoc@2.0.0": "2.0.0_react@1.0.0",
      "npm:a@1.0.0": "1.0.0_peer@1.0.0",
    },
    npm: {
      "@s/shared@1.0.0_peer@1.0.0": { integrity: "s" },
      "a@1.0.0_peer@1.0.0": {
        integrity: "a",
        dependencies: ["@s/shared", "twice@2.0.0"],
      },
      "peer@1.0.0": { integrity: "p" },
      "react@1.0.0": { integrity: "r", dependencies: ["twice@1.0.0"] },
      "redoc@2.0.0_react@1.0.0": {
        integrity: "x",
        dependencies: ["@s/shared", "react"],
      },
      "twice@1.0.0": { integrity: "1" },
      "twice@2.0.0": { integrity: "2", optionalPeers: ["peer"] },
    },
  };

  const slim = JSON.parse(slimLock(JSON.stringify(lock)));

  assert.deepEqual(slim.specifiers, {
    "npm:redoc@2.0.0": "2.0.0",
    "npm:a@1.0.0": "1.0.0_peer@1.0.0",
  });
  assert.deepEqual(Object.keys(slim.npm), [
    "@s/shared@1.0.0_peer@1.0.0",
    "a@1.0.0_peer@1.0.0",
    "peer@1.0.0",
    "redoc@2.0.0",
    "twice@2.0.0",
  ]);
  assert.deepEqual(slim.npm["redoc@2.0.0"], { integrity: "x" });
});
