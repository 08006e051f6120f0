import type * as z from "zod";

type Schema = z.core.$ZodTypes & z.ZodType;

/**
 * Builds an example of a schema's output, as JSON, from the examples of its fields.
 *
 * Optional fields are left out. A nullable `reason` or `*_reason` explains why another field is null,
 * so it is null here: the other fields have values.
 *
 * @throws {TypeError} If a value has no example and its type does not suggest one.
 */
export function createExample(schema: z.ZodType, path = ""): unknown {
  const { example } = (schema.meta() ?? {}) as { example?: unknown };
  if (example !== undefined) return example;
  const { def } = (schema as Schema)._zod;
  switch (def.type) {
    case "literal":
      return def.values[0];
    case "enum":
      return Object.values(def.entries)[0];
    case "optional":
    case "nullable":
    case "default":
      return createExample(def.innerType as Schema, path);
    case "array":
      return [createExample(def.element as Schema, `${path}[]`)];
    case "record": {
      const key = createExample(def.keyType as Schema, `${path} key`);
      const value = createExample(def.valueType as Schema, `${path}[]`);
      return { [String(key)]: value };
    }
    case "object":
      return Object.fromEntries(
        Object.entries(def.shape as Record<string, Schema>)
          .filter(([, field]) => field._zod.def.type !== "optional")
          .map(([name, field]) => [
            name,
            isReason(name, field)
              ? null
              : createExample(field, `${path}.${name}`),
          ]),
      );
  }
  throw new TypeError(`${path}: give the ${def.type} an example in its meta`);
}

function isReason(name: string, field: Schema): boolean {
  return /(^|_)reason$/.test(name) && field._zod.def.type === "nullable";
}

/** Replaces values of an example, field by field; a list or a plain value is replaced whole. */
export function mergeExample(example: unknown, changes: unknown): unknown {
  if (!isObject(example) || !isObject(changes)) return changes;
  return {
    ...example,
    ...Object.fromEntries(
      Object.entries(changes).map(([name, change]) => [
        name,
        mergeExample(example[name], change),
      ]),
    ),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
