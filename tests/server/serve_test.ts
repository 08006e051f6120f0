import assert from "node:assert/strict";
import { createMemoryRelease } from "../../server/serve.ts";
import { SERVER_FLAGS } from "../../cli/server_process.ts";

const MB = 1024 * 1024;

Deno.test("createMemoryRelease: collects once after growth, and not while busy", () => {
  let bytes = 100 * MB;
  let collections = 0;
  const memory = createMemoryRelease({
    readBytes: () => bytes,
    collect() {
      collections++;
      bytes = 80 * MB;
    },
  });
  const check = (requests: number): number => {
    for (let count = 0; count < requests; count++) memory.countRequest();
    memory.check();
    return collections;
  };

  assert.equal(check(0), 1);
  assert.equal(check(0), 1);
  bytes = 95 * MB;
  assert.equal(check(0), 1);
  bytes = 170 * MB;
  assert.equal(check(1000), 1);
  assert.equal(check(5), 2);
});

Deno.test("createMemoryRelease: does not run again and again if nothing is freed", () => {
  let collections = 0;
  const memory = createMemoryRelease({
    readBytes: () => 200 * MB,
    collect: () => void collections++,
  });
  for (let count = 0; count < 5; count++) memory.check();
  assert.equal(collections, 1);
});

Deno.test("SERVER_FLAGS: give the server V8's garbage collection", async () => {
  const flags = SERVER_FLAGS.filter((flag) => flag.startsWith("--v8-flags"));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ...flags, "console.log(typeof globalThis.gc)"],
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "function");
});
