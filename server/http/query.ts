import { z } from "zod";
import { AppError, type Issue, readIssues, toUnknown } from "../errors.ts";

/**
 * The query as an input for the schema, which must be about one object; a map without a prototype,
 * for names such as `constructor`. Text becomes a number or a boolean where the schema wants one,
 * so that the schema itself stays strict. Where a name is unknown or repeated, what else is wrong
 * is told with it.
 */
export function readQuery(
  request: Request,
  { schema, parameters = {} }: {
    schema: z.ZodType;
    /** What the path says already; the query may not say it again. */
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
      unknown.push(toUnknown(name));
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

/** What an optional or defaulted schema is about. */
export function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrap(schema.unwrap())
    : schema;
}

/** A union takes text as it is where none of its numbers is meant. */
function mayBeNumber(type: unknown): boolean {
  return type instanceof z.ZodNumber ||
    (type instanceof z.ZodPipe && mayBeNumber(type.in)) ||
    (type instanceof z.ZodUnion && type.options.some(mayBeNumber));
}

/** An empty text is none of the numbers, although JavaScript makes 0 of it; `1` is no boolean. */
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
