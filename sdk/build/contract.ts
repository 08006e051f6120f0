import * as schemas from "@paceline/sdk/schemas";
import type { AnyTRPCRouter } from "@trpc/server";
import type * as z from "zod";

/** What the types are made from. */
export interface ContractSource {
  router: AnyTRPCRouter;
  /** What each router is for. */
  descriptions: Readonly<Record<string, string>>;
  /** Every code of a failure with its sentence. */
  reasons: Readonly<Record<string, string>>;
}

/** A tRPC procedure as it is at run time. */
interface Procedure {
  _def: {
    type: "query" | "mutation" | "subscription";
    inputs: Schema[];
    output?: Schema;
    meta?: {
      openapi?: { summary?: string; description?: string };
      stream?: { event: Schema; summary: string; description: string };
    };
  };
}

type Schema = z.core.$ZodTypes & z.ZodType;

const HEAD =
  `// Written by \`deno task sdk:contract\` from the server's procedures and their schemas.

import type { Mutation, Query, Subscription } from "./procedure.ts";
`;

/**
 * The API's types as the SDK has them, as TypeScript.
 *
 * The type of the router itself would take the server's context and its database into the package
 * and lose the documentation on the way. The schemas hold both types and words, and check each
 * answer. What has no schema, or cannot go over the wire, is refused.
 *
 * @throws {TypeError} Naming the procedure and the field of what is refused.
 */
export function renderContract(
  { router, descriptions, reasons }: ContractSource,
): string {
  const models = new Models();
  const { record } = router._def;
  const routers = Object.entries(record as Record<string, unknown>).map(
    ([name, procedures]) => {
      const fields = Object.entries(procedures as Record<string, Procedure>)
        .map(([key, procedure]) =>
          renderProcedure(`${name}.${key}`, procedure, models)
        );
      const doc = renderDoc({ description: descriptions[name] });
      return `${doc}${name}: {\n${fields.join("\n")}\n};`;
    },
  );
  const codes = Object.entries(reasons);
  return [
    HEAD,
    ...models.render(),
    renderDoc({
      description: "Why the server refused a call, as a stable code:\n" +
        codes.map(([code, sentence]) => `- \`${code}\`: ${sentence}`).join(
          "\n",
        ),
    }) +
    `export type Reason = ${codes.map(([code]) => `"${code}"`).join(" | ")};`,
    `/** Every procedure of the server. */\nexport interface Api {\n${
      routers.join("\n\n")
    }\n}`,
    "",
  ].join("\n\n");
}

function renderProcedure(
  path: string,
  { _def: { type, inputs, output, meta } }: Procedure,
  models: Models,
): string {
  const answer = type === "subscription" ? meta?.stream?.event : output;
  if (inputs.length > 1 || !answer) {
    throw new TypeError(
      `${path}: give it one input schema at most and an output schema`,
    );
  }
  const [input] = inputs;
  const parts = [
    input ? models.toType(input, "input", `${path}: input`) : "void",
    models.toType(answer, "output", `${path}: output`),
  ];
  const { summary = "", description = "" } = meta?.openapi ?? meta?.stream ??
    {};
  const doc = renderDoc({ description: `${summary}.\n\n${description}` });
  return `${doc}${path.split(".").at(-1)}: ${KINDS[type]}<${
    parts.join(", ")
  }>;`;
}

const KINDS = {
  query: "Query",
  mutation: "Mutation",
  subscription: "Subscription",
};

/** Whether a type is what callers give or what they get: defaults make them differ. */
type Direction = "input" | "output";

/** The named types, each written once. */
class Models {
  readonly #names = new Map<unknown, string>(
    Object.entries(schemas).map(([name, schema]) => [schema, name]),
  );
  readonly #written = new Map<string, string>();

  /** A schema's type; a named schema becomes a model of that name. */
  toType(schema: Schema, direction: Direction, path: string): string {
    const name = this.#names.get(schema);
    if (name === undefined) return this.#toType(schema, direction, path);
    const inner = unwrap(schema);
    if (!this.#written.has(name)) {
      // The place is taken first, so that models stand in the order in which they are met.
      this.#written.set(name, "");
      const doc = renderDoc(getMeta(schema));
      const body = this.#toType(inner, direction, path);
      const model = body.startsWith("{")
        ? `interface ${name} ${body}`
        : `type ${name} = ${body};`;
      this.#written.set(name, `${doc}export ${model}`);
    }
    return inner === schema ? name : `${name} | undefined`;
  }

  render(): string[] {
    return [...this.#written.values()];
  }

  #toType(schema: Schema, direction: Direction, path: string): string {
    const { def } = schema._zod;
    const inside = (part: unknown, field = "") =>
      this.toType(part as Schema, direction, path + field);
    switch (def.type) {
      case "string":
      case "number":
      case "boolean":
      case "null":
        return def.type;
      case "date":
        return "Date";
      case "literal":
        return def.values.map((value) => JSON.stringify(value)).join(" | ");
      case "enum":
        return Object.values(def.entries).map((value) => JSON.stringify(value))
          .join(" | ");
      case "array":
        return `Array<${inside(def.element, "[]")}>`;
      case "record":
        return `Record<${inside(def.keyType)}, ${inside(def.valueType, "[]")}>`;
      case "nullable":
        return `${inside(def.innerType)} | null`;
      case "optional":
        return `${inside(def.innerType)} | undefined`;
      case "default":
        return direction === "output"
          ? inside(def.innerType)
          : `${inside(def.innerType)} | undefined`;
      case "pipe":
        // What is only checked twice stays what it is; a transform would change it.
        if (def.out._zod.def.type !== "transform") return inside(def.in);
        break;
      case "union":
        return def.options.map((option) => inside(option)).join(" | ");
      case "object":
        return this.#toObject(def.shape as Record<string, Schema>, {
          direction,
          path,
        });
    }
    throw new TypeError(`${path}: a ${def.type} does not go over the wire`);
  }

  #toObject(
    shape: Record<string, Schema>,
    { direction, path }: { direction: Direction; path: string },
  ): string {
    if (Object.keys(shape).length === 0) return "Record<string, never>";
    const fields = Object.entries(shape).map(([key, schema]) => {
      const type = this.toType(schema, direction, `${path}.${key}`);
      const isOptional = schema._zod.def.type === "optional" ||
        (schema._zod.def.type === "default" && direction === "input");
      return `${renderDoc(getMeta(schema))}${key}${
        isOptional ? "?" : ""
      }: ${type};`;
    });
    return `{\n${fields.join("\n")}\n}`;
  }
}

/** The schema without a default or the like around it. */
function unwrap(schema: Schema): Schema {
  const { def } = schema._zod;
  return def.type === "default" ? unwrap(def.innerType as Schema) : schema;
}

interface Meta {
  description?: string | undefined;
  example?: unknown;
}

/** What is said of a schema, or of what it wraps. */
function getMeta(schema: Schema): Meta {
  const { def } = schema._zod;
  const inner = def.type === "optional" || def.type === "nullable" ||
      def.type === "default"
    ? getMeta(def.innerType as Schema)
    : {};
  return { ...inner, ...schema.meta() };
}

/** A documentation comment; nothing where there is nothing to say. */
function renderDoc({ description = "", example }: Meta): string {
  const lines = description.trim().split("\n");
  if (example !== undefined) lines.push(`@example ${JSON.stringify(example)}`);
  const [first = "", ...rest] = lines.map((line) =>
    line.replaceAll("*/", "*\\/")
  );
  if (rest.length === 0) return first === "" ? "" : `/** ${first} */\n`;
  return `/**\n${
    [first, ...rest].map((line) => ` * ${line}`.trimEnd()).join("\n")
  }\n */\n`;
}
