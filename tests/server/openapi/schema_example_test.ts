import assert from "node:assert/strict";
import * as z from "zod";
import {
  createExample,
  mergeExample,
} from "../../../server/openapi/schema_example.ts";

Deno.test("createExample: builds a value from the fields' examples", () => {
  const schema = z.object({
    kind: z.literal("run"),
    unit: z.enum(["km", "mi"]),
    names: z.array(z.string().meta({ example: "Ada" })),
    years: z.record(
      z.string().meta({ example: "2025" }),
      z.number().nullable().meta({ example: null }),
    ),
    speed: z.number().meta({ example: 3.5 }).nullable(),
    speed_reason: z.enum(["hidden"]).nullable().meta({ example: "hidden" }),
    reason: z.string().meta({ example: "unknown_owner" }),
    token: z.string().optional(),
  });

  assert.deepEqual(createExample(schema), {
    kind: "run",
    unit: "km",
    names: ["Ada"],
    years: { "2025": null },
    speed: 3.5,
    speed_reason: null,
    reason: "unknown_owner",
  });
});

Deno.test("createExample: prefers the example of the whole to those of parts", () => {
  const point = z.array(z.number()).meta({ example: [1, 2] });

  assert.deepEqual(createExample(z.object({ point })), { point: [1, 2] });
});

Deno.test("createExample: names the field that has no example", () => {
  const schema = z.object({ data: z.array(z.object({ at: z.string() })) });

  assert.throws(
    () => createExample(schema, "stats-ytd"),
    /stats-ytd\.data\[\]\.at: give the string an example/,
  );
});

Deno.test("mergeExample: replaces fields, and lists as a whole", () => {
  const example = { run: { id: 1, pages: 2 }, days: [1, 2], name: "Ada" };

  assert.deepEqual(
    mergeExample(example, { run: { pages: 3 }, days: [9], left: null }),
    { run: { id: 1, pages: 3 }, days: [9], name: "Ada", left: null },
  );
  assert.deepEqual(mergeExample(example, {}), example);
});
