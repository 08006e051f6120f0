import { AppError } from "./errors.ts";
import superjson from "superjson";

/** The deepest nesting of an input. Ours nest two levels: an object that holds an array. */
const MAX_DEPTH = 8;
/** The most values in an input, lists and objects included. The longest list has 5,000 ids. */
const MAX_VALUES = 6_000;
/** The most annotations of an input. No procedure has as many fields. */
const MAX_ANNOTATIONS = 100;
/** The longest text of a date. `toISOString` writes at most 27 characters. */
const MAX_DATE_LENGTH = 40;

/**
 * Returns the input of a tRPC call from its envelope, `{"json": ..., "meta": ...}`, as superjson
 * writes it.
 *
 * Superjson's own reader obeys `meta` before any schema sees the input. A caller without a key
 * could make it allocate gigabytes (`typed-array`, `ids.4294967290`), build any regular expression
 * or copy a long path thousands of times. This reader applies only the annotations that an input
 * can need, `Date` and `undefined`, only to values that exist, and only within the limits above.
 * It changes the envelope in place. Throws `invalid_input` for everything else.
 */
export function readTrpcInput(envelope: unknown): unknown {
  if (!isObject(envelope) || !Object.hasOwn(envelope, "json")) {
    // Superjson would read no input here, and the call would run with its defaults.
    throw refuse('Wrap the input as superjson does: {"json": ...}');
  }
  checkSize(envelope["json"]);
  for (const { path, type } of readAnnotations(envelope["meta"])) {
    annotate(envelope, ["json", ...path], type);
  }
  return envelope["json"];
}

type JsonObject = Record<string, unknown>;

interface Annotation {
  path: string[];
  type: "Date" | "undefined";
}

/** Throws if the value is too large or too deep. Recursion could exhaust the stack. */
function checkSize(json: unknown): void {
  let level = [json];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MAX_DEPTH) {
      throw refuse(`The input must not nest deeper than ${MAX_DEPTH} levels`);
    }
    if (values > MAX_VALUES) {
      throw refuse(`The input must hold at most ${MAX_VALUES} values`);
    }
    level = level.flatMap(readChildren);
  }
}

function readChildren(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  // A copy of the object would lose the key or use its value as the prototype.
  if (Object.hasOwn(value, "__proto__")) {
    throw refuse('The input must not have the key "__proto__"');
  }
  return Object.values(value);
}

/**
 * Returns the annotations in `meta`. Superjson writes `["Date"]` for the whole input, or a flat
 * object such as `{"ids.0": ["Date"]}`. Only the types that are refused here nest annotations.
 */
function readAnnotations(meta: unknown): Annotation[] {
  if (meta === undefined || meta === null) return [];
  if (!isObject(meta)) throw refuse('"meta" must be an object');
  const { values = {}, v = 0, ...others } = meta;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw refuse(`"meta" may hold "values" and "v", not ${quote(other)}`);
  }
  if (v !== 0 && v !== 1) throw refuse('"meta.v" must be 0 or 1');
  if (Array.isArray(values)) return [{ path: [], type: readType(values) }];
  if (!isObject(values)) throw refuse('"meta.values" must be an object');
  const entries = Object.entries(values);
  if (entries.length > MAX_ANNOTATIONS) {
    throw refuse(`"meta.values" must hold at most ${MAX_ANNOTATIONS} entries`);
  }
  return entries.map(([path, leaf]) => ({
    path: readPath(path),
    type: readType(leaf),
  }));
}

function readType(leaf: unknown): Annotation["type"] {
  const [type, ...inner] = Array.isArray(leaf) ? leaf : [];
  if ((type === "Date" || type === "undefined") && inner.length === 0) {
    return type;
  }
  throw refuse('An annotation must be ["Date"] or ["undefined"]');
}

/** Returns the keys of `a.b`. Escapes are refused: no input has a key with a dot or a backslash. */
function readPath(text: string): string[] {
  const path = text.split(".", MAX_DEPTH + 1);
  const isAllowed = path.length <= MAX_DEPTH && !text.includes("\\") &&
    !path.some((key) => UNSAFE_KEYS.has(key));
  if (!isAllowed) {
    throw refuse(`No annotation may have the path ${quote(text)}`);
  }
  return path;
}

/** Keys that reach an object's prototype. */
const UNSAFE_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** Replaces the value at the path. It must exist, or an array could grow to billions of elements. */
function annotate(
  root: JsonObject,
  path: readonly string[],
  type: Annotation["type"],
): void {
  const [last = "", ...parents] = path.toReversed();
  const parent = parents.reduceRight<unknown>(
    (value, key) => hasKey(value, key) ? value[key] : undefined,
    root,
  );
  const value = hasKey(parent, last) ? parent[last] : undefined;
  if (!hasKey(parent, last) || !isAnnotated(value, type)) {
    const where = quote(path.slice(1).join("."));
    throw refuse(
      type === "Date"
        ? `"Date" at ${where} must annotate a date such as "2026-01-31T12:00:00.000Z"`
        : `"undefined" at ${where} must annotate null`,
    );
  }
  parent[last] = type === "Date" ? new Date(value as string) : undefined;
}

function isAnnotated(value: unknown, type: Annotation["type"]): boolean {
  if (type === "undefined") return value === null;
  return typeof value === "string" && value.length <= MAX_DATE_LENGTH &&
    !Number.isNaN(Date.parse(value));
}

function hasKey(value: unknown, key: string): value is JsonObject {
  return typeof value === "object" && value !== null &&
    Object.hasOwn(value, key);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Quotes a caller's text, shortened, to keep the response short. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64).toWellFormed());
}

function refuse(detail: string): AppError {
  return new AppError("invalid_input", { detail });
}

/**
 * Serializes an output for tRPC. superjson visits each value of a large answer for half a microsecond,
 * only to find that JSON has them all: such an output is passed on in a fraction of the time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(writeTrpcOutput({ values: [1, null] }), { json: { values: [1, null] } });
 * assert.deepEqual(Object.keys(writeTrpcOutput({ at: new Date(0) })), ["json", "meta"]);
 * ```
 */
export function writeTrpcOutput(
  output: unknown,
): ReturnType<typeof superjson.serialize> {
  return isJsonValue(output)
    ? { json: output as ReturnType<typeof superjson.serialize>["json"] }
    : superjson.serialize(output);
}

/** Reports whether JSON can hold the value as it is. The value must not contain itself. */
function isJsonValue(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0);
  }
  if (typeof value !== "object") {
    return typeof value === "string" || typeof value === "boolean";
  }
  if (value === null) return true;
  if (Array.isArray(value)) {
    for (const each of value) if (!isJsonValue(each)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  // superjson refuses names such as `constructor`, and knows symbols.
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const [name, each] of Object.entries(value)) {
    if (RESERVED.has(name) || !isJsonValue(each)) return false;
  }
  return true;
}

const RESERVED: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);
