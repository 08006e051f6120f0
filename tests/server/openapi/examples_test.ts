import assert from "node:assert/strict";
import { AppError, REASONS, toFailure } from "../../../server/errors.ts";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import { createContract } from "../../support/contract.ts";

const DOCUMENT = JSON.parse(JSON.stringify(createOpenApiDocument()));
const contract = createContract(DOCUMENT);

Deno.test("createOpenApiDocument: has examples that fit their schemas", () => {
  let count = 0;
  for (const { method, path, responses } of contract.operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      for (const [type, { example }] of Object.entries(content)) {
        if (example === undefined) continue;
        const pointer = ["responses", status, "content", type, "schema"];
        const isValid = contract.isValid(
          ["paths", path, method, ...pointer],
          example,
        );
        assert.ok(isValid, `${method} ${path} ${status}`);
        count++;
      }
    }
  }
  const problems = DOCUMENT.components.examples as Record<
    string,
    { value: unknown }
  >;
  for (const [reason, { value }] of Object.entries(problems)) {
    assert.ok(
      contract.isValid(["components", "schemas", "Problem"], value),
      reason,
    );
  }
  assert.ok(count > 10, `only ${count} examples`);
});

Deno.test("createOpenApiDocument: gives each field a type and fitting examples", () => {
  const schemas = listSchemas(DOCUMENT.components.schemas, [
    "components",
    "schemas",
  ]);
  let count = 0;
  for (const { pointer, schema } of schemas) {
    const name = pointer.join("/");
    assert.ok(
      ["type", "$ref", "anyOf", "enum"].some((key) => key in schema),
      `${name}: may hold anything`,
    );
    for (const example of schema.examples ?? []) {
      assert.ok(contract.isValid(pointer, example), `${name}: ${example}`);
      count++;
    }
  }
  assert.ok(count > 50, `only ${count} examples`);
});

Deno.test("docs/api.md: lists each route, and each reason with its status", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../docs/api.md", import.meta.url),
  );
  for (const { method, path } of contract.operations) {
    assert.ok(
      page.includes(`${method.toUpperCase()} ${path}\``),
      `${method} ${path}`,
    );
  }
  for (const reason of REASONS) {
    const { status } = toFailure(new AppError(reason));
    assert.ok(page.includes(`| \`${reason}\` | ${status} |`), reason);
  }
});

interface Schema extends Record<string, unknown> {
  properties?: Record<string, Schema>;
  items?: Schema;
  examples?: unknown[];
}

/** Lists the schemas of a map and all schemas within them. */
function listSchemas(
  map: Record<string, Schema>,
  at: readonly string[],
): { pointer: string[]; schema: Schema }[] {
  return Object.entries(map).flatMap(([name, schema]) => {
    const pointer = [...at, name];
    const { properties = {}, items } = schema;
    return [
      { pointer, schema },
      ...listSchemas(properties, [...pointer, "properties"]),
      ...(items ? listSchemas({ items }, pointer) : []),
    ];
  });
}
