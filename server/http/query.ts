import { z } from "zod";
import { AppError, type Issue, readIssues, UNKNOWN } from "../errors.ts";
import { toUnknownMessage } from "./input_messages.ts";

/**
 * Parses the query into an input for `schema`, which must describe one object. Text becomes a number
 * or a boolean where the schema expects one, so that the schema itself stays strict. The result has
 * no prototype, so that a parameter may be called `constructor`.
 *
 * Throws `invalid_input` for unknown and repeated names, together with the schema's own issues. The
 * first unknown name comes with the names that exist.
 */
export function readQuery(
  request: Request,
  { schema, parameters = {} }: {
    schema: z.ZodType;
    /** Parameters from the path. The query must not repeat them. */
    parameters?: Readonly<Record<string, number>>;
  },
): Record<string, unknown> {
  const { shape } = unwrap(schema) as z.ZodObject;
  const query: Record<string, unknown> = Object.assign(
    Object.create(null),
    parameters,
  );
  const repeated: Issue[] = [];
  const unknown: Issue[] = [];
  for (const [name, text] of new URL(request.url).searchParams) {
    if (!Object.hasOwn(shape, name) || Object.hasOwn(parameters, name)) {
      const known = Object.keys(shape).filter((name) => !(name in parameters));
      // The first of them is enough: an error stays short.
      const message = unknown.length === 0 ? toUnknownMessage(known) : UNKNOWN;
      unknown.push({ path: name, message });
    } else if (name in query) {
      repeated.push({ path: name, message: "is given more than once" });
    } else query[name] = toValue(shape[name], text);
  }
  if (repeated.length + unknown.length > 0) {
    const others = readIssues(schema.safeParse(query).error) ?? [];
    const issues = [...others, ...repeated, ...unknown];
    throw new AppError("invalid_input", { issues });
  }
  return query;
}

/** Returns the schema inside optional and default wrappers. */
export function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap())
    : schema;
}

/** Reports whether a schema accepts a number. A union may accept text as well. */
function mayBeNumber(type: unknown): boolean {
  return type instanceof z.ZodNumber ||
    (type instanceof z.ZodPipe && mayBeNumber(type.in)) ||
    (type instanceof z.ZodUnion && type.options.some(mayBeNumber));
}

/** Converts text to what the field expects. Empty text stays text, although `Number("")` is 0. */
function toValue(field: unknown, text: string): unknown {
  const type = unwrap(field);
  if (mayBeNumber(type) && /^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  if (type instanceof z.ZodBoolean && (text === "true" || text === "false")) {
    return text === "true";
  }
  return text;
}
