import { z } from "zod";

/** A decimal number such as `10000.5`. A comma, a unit or a hexadecimal number is not accepted. */
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * Checks a value of Strava against a schema. If fields have another type than documented, it
 * converts those whose meaning is certain and checks again:
 *
 * - a decimal number as text (`"10000.5"`) where a number is expected
 * - `"true"`, `"false"`, `"1"`, `"0"`, 1 and 0 where a boolean is expected
 * - a number where text is expected
 * - an empty text where a number is expected; it counts as null
 *
 * The value itself is not changed. A value of the documented types is checked once, so that
 * conversions cost nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { z } from "zod";
 *
 * const schema = z.object({ distance: z.number(), manual: z.boolean() });
 * const { data } = safeParseCoerced(schema, { distance: "10000.5", manual: "false" });
 * assert.deepEqual(data, { distance: 10000.5, manual: false });
 * assert.equal(safeParseCoerced(schema, { distance: "10 km", manual: false }).success, false);
 * ```
 */
export function safeParseCoerced<T>(
  schema: z.ZodType<T>,
  value: unknown,
): z.ZodSafeParseResult<T> {
  const result = schema.safeParse(value);
  if (result.success) return result;
  const coerced = coerceFields(value, result.error.issues);
  return coerced === undefined ? result : schema.safeParse(coerced);
}

/**
 * Does the same as {@link safeParseCoerced} and returns the data.
 *
 * @throws {z.ZodError} For a value that the schema refuses.
 */
export function parseCoerced<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = safeParseCoerced(schema, value);
  if (error) throw error;
  return data;
}

/** Returns a copy with the fields converted that the issues name, or `undefined` if there are none. */
function coerceFields(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): unknown {
  let copy: unknown;
  for (const issue of issues) {
    const field = issue.path.at(-1);
    if (issue.code !== "invalid_type" || field === undefined) continue;
    const found = readField(value, issue.path);
    const coerced = coerceField(found, issue.expected);
    if (coerced === undefined) continue;
    copy ??= structuredClone(value);
    const parent = readField(copy, issue.path.slice(0, -1));
    (parent as Record<PropertyKey, unknown>)[field] = coerced;
  }
  return copy;
}

function readField(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown>)[key],
    value,
  );
}

/** Returns the value in the expected type, or `undefined` if its meaning is not certain. */
function coerceField(value: unknown, expected: string): unknown {
  if (expected === "string") {
    return typeof value === "number" ? String(value) : undefined;
  }
  if (expected === "boolean") return toBoolean(value);
  if (expected !== "number" || typeof value !== "string") return undefined;
  const text = value.trim();
  if (text === "") return null;
  return DECIMAL.test(text) ? Number(text) : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  const text = String(value).trim().toLowerCase();
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : undefined;
}
