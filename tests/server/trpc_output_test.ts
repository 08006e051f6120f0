import assert from "node:assert/strict";
import superjson from "superjson";
import { writeTrpcOutput } from "../../server/trpc_values.ts";

Deno.test("writeTrpcOutput: gives a client of superjson the same value", () => {
  const outputs: unknown[] = [
    { values: [1, 2.5, null], text: "é\0", yes: true, nested: [{ a: {} }] },
    { at: new Date(0), maybe: undefined },
    [1, , 3],
    [NaN, Infinity, -0],
    undefined,
    null,
    "text",
    Object.assign(Object.create(null), { a: 1 }),
    new Map([["a", 1n]]),
    { "a.b": [new Date(5)] },
  ];

  for (const output of outputs) {
    const sent = JSON.parse(JSON.stringify(writeTrpcOutput(output)));
    const expected = superjson.deserialize(
      JSON.parse(JSON.stringify(superjson.serialize(output))),
    );
    assert.deepEqual(superjson.deserialize(sent), expected);
  }
});

Deno.test("writeTrpcOutput: leaves what JSON cannot hold to superjson", () => {
  for (const value of [NaN, -0, undefined, new Date(0), 1n, new Set([1])]) {
    const { meta } = writeTrpcOutput({ list: [1, { value }] });
    assert.ok(meta, String(value));
  }
  assert.equal(writeTrpcOutput({ list: [1, { value: 0 }] }).meta, undefined);
});

Deno.test("writeTrpcOutput: refuses reserved names, as superjson does", () => {
  assert.throws(() => writeTrpcOutput(JSON.parse('{"constructor": 1}')));
});
