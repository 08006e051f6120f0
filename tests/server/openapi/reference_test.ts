import assert from "node:assert/strict";
import { renderReference } from "../../../server/openapi/reference.ts";

const TEXT = { type: "string" };
const SYNC = { $ref: "#/components/schemas/Sync" };
const OWNER = { $ref: "#/components/schemas/Owner" };

/** A document with one operation, whose response is `Answer`. */
function renderOperation(
  operation: Record<string, unknown>,
  schemas: Record<string, unknown> = {},
): string {
  return renderReference({
    tags: [{ name: "sync", description: "Syncs" }],
    paths: {
      "/sync/{id}": {
        get: {
          operationId: "sync-get",
          tags: ["sync"],
          summary: "One sync",
          description: "Returns a sync.",
          security: [],
          responses: {},
          ...operation,
        },
      },
    },
    components: { schemas },
  });
}

function toResponses(
  schema: unknown,
  example: unknown = {},
): Record<string, unknown> {
  return {
    200: {
      description: "The sync",
      content: { "application/json": { schema, example } },
    },
  };
}

Deno.test("renderReference: lists and describes each operation", () => {
  const page = renderOperation({});

  assert.match(
    page,
    /\| \[Sync\]\(#sync\) \| \[`GET \/sync\/\{id\}`\]\(#get-syncid\) \| One sync \|/,
  );
  assert.match(page, /### GET \/sync\/\{id\}\n\nOne sync\. Returns a sync\./);
});

Deno.test("renderReference: shows parameters with their constraints", () => {
  const page = renderOperation({
    parameters: [
      {
        name: "id",
        in: "path",
        required: true,
        description: "Id a|b",
        schema: { type: "integer", exclusiveMinimum: 0 },
      },
      {
        name: "limit",
        in: "query",
        schema: { type: "integer", minimum: 1, maximum: 200, default: 20 },
      },
      {
        name: "order",
        in: "query",
        schema: { type: ["string", "null"], enum: ["asc", "desc"] },
      },
    ],
  });

  assert.match(page, /\| `id` \| integer, above 0, required \| Id a\\\|b \|/);
  assert.match(page, /\| `limit` \| integer, 1 to 200, default `20` \|/);
  assert.match(page, /\| `order` \| `asc`, `desc` or null \|/);
});

Deno.test("renderReference: shows the fields of a schema used once in its place", () => {
  const page = renderOperation({ responses: toResponses(SYNC) }, {
    Sync: {
      type: "object",
      description: "A sync",
      required: ["runs"],
      properties: {
        runs: {
          type: "array",
          items: {
            type: "object",
            required: ["at"],
            properties: { at: { type: "string", format: "date-time" } },
          },
        },
        note: { ...TEXT, description: "A note" },
      },
    },
  });

  assert.match(page, /\*\*200\*\* \(`application\/json`\): The sync\./);
  assert.match(page, /\| `runs` \| array of object \|/);
  assert.match(page, /\| `runs\[\]\.at` \| date-time \|/);
  assert.match(page, /\| `note` \| string, optional \| A note \|/);
  assert.doesNotMatch(page, /### Sync schema/);
});

Deno.test("renderReference: gives a schema used twice a section and links to it", () => {
  const page = renderOperation({ responses: toResponses(SYNC) }, {
    Sync: {
      type: "object",
      required: ["by", "of"],
      properties: { by: { anyOf: [OWNER, { type: "null" }] }, of: OWNER },
    },
    Owner: {
      type: "object",
      description: "An owner",
      required: ["name"],
      properties: { name: TEXT },
    },
  });

  assert.match(page, /\| `by` \| \[Owner\]\(#owner-schema\) or null \|/);
  assert.match(
    page,
    /### Owner schema\n\nAn owner\.\n\n[^#]*\| `name` \| string/,
  );
});

Deno.test("renderReference: names credentials, tRPC procedure and errors", () => {
  const page = renderOperation({
    security: [{}, { apiKey: [] }],
    responses: {
      ...toResponses(TEXT),
      404: {
        description: "Missing",
        content: {
          "application/problem+json": {
            schema: {},
            examples: { not_found: {}, not_synced: {} },
          },
        },
      },
    },
  });

  assert.ok(page.includes(
    "Credentials: API key or session, optional. tRPC: `sync.get`. " +
      "Errors: 404 `not_found` `not_synced`.",
  ));
});

Deno.test("renderReference: puts plain fields of a long example on shared lines", () => {
  const name = "x".repeat(60);
  const page = renderOperation({
    responses: toResponses(TEXT, { a: 1, b: 2, c: { name, d: [name] } }),
  });

  assert.ok(page.includes(
    `{\n  "a": 1, "b": 2,\n  "c": {\n    "name": "${name}",\n    "d": ["${name}"]\n  }\n}`,
  ));
});
