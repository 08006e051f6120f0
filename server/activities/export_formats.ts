import { Activity } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { TrackedActivityRow } from "../../db/activity_list.ts";
import { toActivity } from "./activity.ts";
import { toLineString } from "./track.ts";

/** How activities become a file. */
export interface Format {
  /** The content type. */
  type: string;
  /** What stands before the first, between two, and after the last. */
  head: string;
  between: string;
  tail: string;
  toText: (row: TrackedActivityRow) => string;
}

/** The columns of the table: the fields of an activity, those of the heart rate by themselves. */
const COLUMNS = Object.keys(Activity.shape).flatMap((name) =>
  name === "heart_rate" ? ["average_heartrate", "max_heartrate"] : [name]
);

/** Every format by the name that is also its file's extension. */
export const FORMATS: Readonly<Record<"csv" | "jsonl" | "geojson", Format>> = {
  csv: {
    type: "text/csv; charset=utf-8",
    head: `${COLUMNS.join()}\r\n`,
    between: "",
    tail: "",
    toText: toCsv,
  },
  jsonl: {
    type: "application/jsonl",
    head: "",
    between: "",
    tail: "",
    toText: (row) =>
      `${JSON.stringify({ ...toFields(row), polyline: row.polyline })}\n`,
  },
  geojson: {
    type: "application/geo+json",
    head: '{"type":"FeatureCollection","features":[\n',
    between: ",\n",
    tail: "\n]}\n",
    toText: toFeature,
  },
};

/** The public fields and no other. */
function toFields(row: TrackedActivityRow): z.output<typeof Activity> {
  return Activity.parse(toActivity(row));
}

function toFeature(row: TrackedActivityRow): string {
  return JSON.stringify({
    type: "Feature",
    id: row.id,
    geometry: toLineString(row.polyline),
    properties: toFields(row),
  });
}

/** A line of the table after RFC 4180. */
function toCsv(row: TrackedActivityRow): string {
  const { heart_rate, ...fields } = toFields(row);
  const values: Record<string, unknown> = {
    ...fields,
    average_heartrate: heart_rate.average,
    max_heartrate: heart_rate.max,
  };
  return `${COLUMNS.map((name) => toCell(values[name])).join()}\r\n`;
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(toPlain(value));
  const text = toHarmless(value);
  return /[",\r\n]|^'|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

function toPlain(value: unknown): unknown {
  return value instanceof Date ? value.toJSON() : value;
}

/**
 * A text that no spreadsheet takes for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe comes before a first
 * `=`, `+`, `-` or `@`, also a full-width one, one after spaces, a tab or a line's end. Before an
 * apostrophe comes one more, so that the first can be taken off again.
 */
function toHarmless(text: string): string {
  return /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]|')/.test(text)
    ? `'${text}`
    : text;
}
