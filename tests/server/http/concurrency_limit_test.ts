import assert from "node:assert/strict";
import { createGate } from "../../../server/http/concurrency_limit.ts";

/** Runs named work through a gate, and finishes each piece on request. */
function createWork(
  options: { maxRunning: number; maxWaiting: number },
): {
  add(client: string): boolean;
  finish(): Promise<void>;
  started: string[];
} {
  const gate = createGate(options);
  const started: string[] = [];
  const ends: (() => void)[] = [];
  return {
    started,
    add(client) {
      const done = gate.run(client, async () => {
        started.push(client);
        await new Promise<void>((resolve) => ends.push(resolve));
      });
      return done !== undefined;
    },
    async finish() {
      ends.shift()!();
      // Lets the promises between the end and the next start settle.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}

Deno.test("createGate: lets waiting clients take turns", async () => {
  const work = createWork({ maxRunning: 1, maxWaiting: 10 });
  for (const client of ["a", "a", "a", "a", "b", "c"]) {
    assert.ok(work.add(client));
  }
  for (let count = 0; count < 6; count++) await work.finish();
  assert.deepEqual(work.started, ["a", "a", "b", "c", "a", "a"]);
  assert.ok(work.add("d"));
  assert.equal(work.started.at(-1), "d");
});

Deno.test("createGate: runs no more at once than allowed", async () => {
  const work = createWork({ maxRunning: 2, maxWaiting: 10 });
  for (let count = 0; count < 5; count++) work.add("a");
  assert.equal(work.started.length, 2);
  await work.finish();
  assert.equal(work.started.length, 3);
});

Deno.test("createGate: refuses a client that has too much waiting", () => {
  const work = createWork({ maxRunning: 1, maxWaiting: 2 });
  assert.deepEqual(
    ["a", "a", "a", "a", "b"].map((client) => work.add(client)),
    [true, true, true, false, true],
  );
});

Deno.test("createGate: passes results and failures on and stays open", async () => {
  const gate = createGate({ maxRunning: 1, maxWaiting: 2 });
  const fail = (): Promise<void> => Promise.reject(new Error("broken"));
  await assert.rejects(gate.run("a", fail)!, /broken/);
  assert.equal(await gate.run("a", () => Promise.resolve(7)), 7);
});
