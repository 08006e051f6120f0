import assert from "node:assert/strict";
import superjson from "superjson";
import { AppError } from "../../server/errors.ts";
import { readTrpcInput } from "../../server/trpc_values.ts";

/** An envelope as superjson writes it. */
function annotated(json: unknown, values: unknown): unknown {
  return { json, meta: { values, v: 1 } };
}

const TYPE = /^An annotation must be \["Date"\] or \["undefined"\]$/;
const PATH = /^No annotation may have the path "/;

/** An envelope that is refused, by its fault, and the answer. */
type Refusal = [name: string, envelope: unknown, detail: RegExp];

const REFUSED: Refusal[] = [
  ["typed-array", annotated(8, [["typed-array", "Uint8Array"]]), TYPE],
  ["class", annotated({ a: {} }, { a: [["class", "X"]] }), TYPE],
  ["custom", annotated({ a: 1 }, { a: [["custom", "X"]] }), TYPE],
  ["symbol", annotated({ a: "x" }, { a: [["symbol", "x"]] }), TYPE],
  ["set", annotated({ a: [1] }, { a: ["set"] }), TYPE],
  ["map", annotated({ a: [[1, 2]] }, { a: ["map"] }), TYPE],
  ["regexp", annotated({ a: "/(a+)+$/" }, { a: ["regexp"] }), TYPE],
  ["Error", annotated({ a: { message: "x" } }, { a: ["Error"] }), TYPE],
  ["URL", annotated({ a: "http://a/" }, { a: ["URL"] }), TYPE],
  ["bigint", annotated({ a: "1" }, { a: ["bigint"] }), TYPE],
  ["number", annotated({ a: "NaN" }, { a: ["number"] }), TYPE],
  ["an unknown name", annotated({ a: 1 }, { a: ["toString"] }), TYPE],
  ["no name", annotated({ a: 1 }, { a: [] }), TYPE],
  ["a name without an array", annotated({ a: "x" }, { a: "Date" }), TYPE],
  ["a tree", annotated({ a: { b: "x" } }, { a: { b: ["Date"] } }), TYPE],
  [
    "a leaf with children",
    annotated({ a: [null] }, { a: ["undefined", { 0: ["undefined"] }] }),
    TYPE,
  ],
  [
    "a child of set",
    annotated({ a: [null] }, { a: ["set", { 0: ["undefined"] }] }),
    TYPE,
  ],
  ["referential equalities", {
    json: {},
    meta: { referentialEqualities: { a: ["b"] } },
  }, /^"meta" may hold "values" and "v", not "referentialEqualities"$/],
  [
    "another key of meta",
    JSON.parse('{"json":{},"meta":{"__proto__":{"values":["Date"]}}}'),
    /^"meta" may hold "values" and "v", not "__proto__"$/,
  ],
  [
    "another version",
    { json: {}, meta: { v: 2 } },
    /^"meta.v" must be 0 or 1$/,
  ],
  ["meta as text", { json: {}, meta: "x" }, /^"meta" must be an object$/],
  ["values as text", annotated({}, "x"), /^"meta.values" must be an object$/],
  ...["__proto__", "constructor", "prototype"].flatMap((key): Refusal[] => [
    [key, annotated({}, JSON.parse(`{"${key}.x":["Date"]}`)), PATH],
    [`inner ${key}`, annotated({ a: {} }, { [`a.${key}`]: ["Date"] }), PATH],
  ]),
  [
    "an escaped path",
    annotated({ "a.b": null }, { "a\\.b": ["undefined"] }),
    PATH,
  ],
  ["a long path", annotated({}, { ["a.".repeat(5000)]: ["Date"] }), PATH],
  [
    "101 annotations",
    annotated(
      {},
      Object.fromEntries(
        Array.from({ length: 101 }, (_, i) => [i, ["Date"]]),
      ),
    ),
    /^"meta.values" must hold at most 100 entries$/,
  ],
  [
    "a date of no date",
    annotated({ a: "x" }, { a: ["Date"] }),
    /^"Date" at "a" must annotate a date such as "2026-/,
  ],
  [
    "a date of an object",
    annotated({ a: { toString: 1 } }, { a: ["Date"] }),
    /^"Date" at "a" must annotate a date/,
  ],
  [
    "a date of a long text",
    annotated({ a: "1".repeat(41) }, { a: ["Date"] }),
    /^"Date" at "a" must annotate a date/,
  ],
  [
    "a date that is not there",
    annotated({}, { "a.b": ["Date"] }),
    /^"Date" at "a.b" must annotate a date/,
  ],
  [
    "a date of an inherited value",
    annotated({ a: "x" }, { "a.length": ["undefined"] }),
    /^"undefined" at "a.length" must annotate null$/,
  ],
  [
    "undefined of a value",
    annotated({ a: 1 }, { a: ["undefined"] }),
    /^"undefined" at "a" must annotate null$/,
  ],
  [
    "undefined below undefined",
    annotated({ a: null }, { a: ["undefined"], "a.b": ["undefined"] }),
    /^"undefined" at "a.b" must annotate null$/,
  ],
  [
    "deep JSON",
    { json: JSON.parse("[".repeat(9) + "0" + "]".repeat(9)) },
    /^The input must not nest deeper than 8 levels$/,
  ],
  ["the deepest JSON", {
    json: JSON.parse("[".repeat(50_000) + "]".repeat(50_000)),
  }, /^The input must not nest deeper than 8 levels$/],
  [
    "wide JSON",
    { json: Array(6000).fill(0) },
    /^The input must hold at most 6000 values$/,
  ],
  [
    "the key __proto__",
    { json: JSON.parse('{"a":[{"__proto__":{}}]}') },
    /^The input must not have the key "__proto__"$/,
  ],
  ...[undefined, null, 1, "x", [], {}, ["json"], Object.create({ json: 1 })]
    .map(
      (envelope, index): Refusal => [
        `no envelope ${index}`,
        envelope,
        /^Wrap the input as superjson does: {"json": ...}$/,
      ],
    ),
];

for (const [name, envelope, detail] of REFUSED) {
  Deno.test(`readTrpcInput: refuses ${name}`, () => {
    assert.throws(() => readTrpcInput(envelope), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.reason, "invalid_input");
      assert.match(error.message, detail);
      assert.ok(error.message.length < 200);
      return true;
    });
  });
}

Deno.test("readTrpcInput: reads what superjson writes of dates and undefined", () => {
  const date = new Date("2026-11-20T12:02:00.123Z");
  const far = new Date(8.64e15);
  for (
    const input of [
      undefined,
      null,
      0,
      "text",
      date,
      [],
      {},
      { limit: 2, activity_type: undefined },
      { from: date, until: far, list: [1, undefined, { at: date.toJSON() }] },
      { ids: Array.from({ length: 5000 }, (_, index) => index) },
    ]
  ) {
    const envelope = JSON.parse(superjson.stringify(input));

    assert.deepEqual(readTrpcInput(envelope), input);
  }
});

Deno.test("readTrpcInput: takes annotations without a version", () => {
  const envelope = {
    json: { at: "2026-01-31T12:00:00+01:00" },
    meta: { values: { at: ["Date"] } },
  };

  const input = readTrpcInput(envelope);

  assert.deepEqual(input, { at: new Date("2026-01-31T11:00:00Z") });
});
