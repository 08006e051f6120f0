/** The parts of a JSON Schema that the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  format?: string;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
}

/** A row of a table of parameters or fields. */
export interface Row {
  name: string;
  type: string;
  description: string;
}

/** The named schemas that are shown where they are used, because they are used once. */
export type Inlined = Readonly<Record<string, Schema>>;

interface RowOptions {
  inlined: Inlined;
  isInput: boolean;
}

/** Returns a row for each field of an object, and for the fields of the objects within it. */
export function toRows(
  schema: Schema,
  options: RowOptions,
  prefix = "",
): Row[] {
  const { properties = {}, required = [] } = resolve(schema, options.inlined);
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    const isRequired = required.includes(key);
    const inner = findObject(field, options.inlined);
    return [
      toRow(name, field, { ...options, isRequired }),
      ...(inner
        ? toRows(inner.schema, options, `${name}${inner.suffix}.`)
        : []),
    ];
  });
}

/** Returns one row. Inputs are optional unless noted, fields of a response are always there. */
export function toRow(
  name: string,
  schema: Schema,
  { inlined, isInput, isRequired }: RowOptions & { isRequired: boolean },
): Row {
  const notes = [
    ...toNotes(schema),
    ...(isInput && isRequired ? ["required"] : []),
    ...(!isInput && !isRequired ? ["optional"] : []),
  ];
  return {
    name: `\`${name}\``,
    type: [renderType(schema, inlined), ...notes].join(", "),
    description: schema.description ?? resolve(schema, inlined).description ??
      "",
  };
}

/** Returns the schema that an inlined reference names; any other schema as it is. */
export function resolve(schema: Schema, inlined: Inlined): Schema {
  return inlined[getName(schema) ?? ""] ?? schema;
}

function getName({ $ref }: Schema): string | undefined {
  return $ref?.split("/").at(-1);
}

/** Finds the object in a field, its items or its values, and how the path to it goes on. */
function findObject(
  field: Schema,
  inlined: Inlined,
): { schema: Schema; suffix: string } | undefined {
  const schema = resolve(field, inlined);
  if (schema.properties) return { schema, suffix: "" };
  const inside = (part: Schema, step: string) => {
    const found = findObject(part, inlined);
    return found && { ...found, suffix: `${step}${found.suffix}` };
  };
  if (schema.items) return inside(schema.items, "[]");
  if (typeof schema.additionalProperties === "object") {
    return inside(schema.additionalProperties, ".*");
  }
  return schema.anyOf?.map((option) => inside(option, "")).find(Boolean);
}

/** Returns the name of a type in words; a named schema becomes a link to its section. */
export function renderType(schema: Schema, inlined: Inlined): string {
  const name = getName(schema);
  if (name) return name in inlined ? "object" : renderLink(name);
  const { type, items, additionalProperties, anyOf } = schema;
  const inside = (part: Schema) => renderType(part, inlined);
  if (anyOf) return anyOf.map(inside).join(" or ");
  if ("const" in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) {
    const values = schema.enum.map((value) => `\`${value}\``).join(", ");
    return type?.includes("null") && !schema.enum.includes(null)
      ? `${values} or null`
      : values;
  }
  return [type ?? []].flat().map((each) => {
    if (each === "array") return `array of ${inside(items ?? {})}`;
    if (each === "object" && typeof additionalProperties === "object") {
      return `map of ${inside(additionalProperties)}`;
    }
    return each === "string" ? FORMATS[schema.format ?? ""] ?? each : each;
  }).join(" or ");
}

const FORMATS: Record<string, string> = {
  "date": "date",
  "date-time": "date-time",
  "email": "e-mail address",
  "uri": "URI",
  "uuid": "UUID",
};

/** Returns a link to a schema's section of the page. */
function renderLink(name: string): string {
  return `[${name}](#${name.toLowerCase()}-schema)`;
}

/** Returns the bounds and the default of a value. */
function toNotes(schema: Schema): string[] {
  const { items } = schema;
  return [
    renderRange(schema.minimum, schema.maximum),
    schema.exclusiveMinimum === undefined
      ? ""
      : `above ${schema.exclusiveMinimum}`,
    schema.minimum === undefined && schema.maximum !== undefined &&
      schema.exclusiveMinimum !== undefined
      ? `at most ${schema.maximum}`
      : "",
    renderRange(schema.minLength, schema.maxLength, " characters"),
    renderRange(schema.minItems, schema.maxItems, " items"),
    items?.pattern ? `each matching \`${items.pattern}\`` : "",
    schema.pattern && !schema.format ? `matches \`${schema.pattern}\`` : "",
    schema.default === undefined ? "" : `default \`${schema.default}\``,
  ].filter((note) => note !== "");
}

function renderRange(min?: number, max?: number, unit = ""): string {
  if (min !== undefined && max !== undefined) {
    return min === max ? `${min}${unit}` : `${min} to ${max}${unit}`;
  }
  if (min !== undefined) return `at least ${min}${unit}`;
  return max === undefined || unit === "" ? "" : `at most ${max}${unit}`;
}
