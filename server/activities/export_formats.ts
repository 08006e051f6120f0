import { Activity } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { TrackedActivityRow } from "../../db/activity_list.ts";
import { type ShownTrack, toShownTrack } from "../privacy/shown_track.ts";
import { toActivity } from "./activity.ts";

/** The parts of an export file. */
export interface Format {
  /** Content type. */
  type: string;
  /** Text before the first activity, between two, and after the last. */
  head: string;
  between: string;
  tail: string;
  toText: (row: TrackedActivityRow) => string;
}

/** The columns of the CSV file: the fields of an activity, with two columns for the heart rate. */
const COLUMNS = Object.keys(Activity.shape).flatMap((name) =>
  name === "heart_rate" ? ["average_heartrate", "max_heartrate"] : [name]
);

/** The export formats, by the extension of their files. */
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
    toText: toJsonLine,
  },
  geojson: {
    type: "application/geo+json",
    head: '{"type":"FeatureCollection","features":[\n',
    between: ",\n",
    tail: "\n]}\n",
    toText: toFeature,
  },
};

/** Returns the public fields of an activity and no others. */
function toPublicFields(row: TrackedActivityRow): z.output<typeof Activity> {
  return Activity.parse(toActivity(row));
}

/** Returns the whole track of an activity: an export is for the owner. */
function toOwnTrack({ polyline }: TrackedActivityRow): ShownTrack | null {
  return toShownTrack(polyline, "all").track;
}

function toJsonLine(row: TrackedActivityRow): string {
  const polyline = toOwnTrack(row)?.polyline ?? null;
  return `${JSON.stringify({ ...toPublicFields(row), polyline })}\n`;
}

function toFeature(row: TrackedActivityRow): string {
  return JSON.stringify({
    type: "Feature",
    id: row.id,
    geometry: toOwnTrack(row)?.geojson ?? null,
    properties: toPublicFields(row),
  });
}

/** Renders a line of the CSV file (RFC 4180). */
function toCsv(row: TrackedActivityRow): string {
  const { heart_rate, ...fields } = toPublicFields(row);
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
  const text = escapeFormula(value);
  return /[",\r\n]|^'|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

function toPlain(value: unknown): unknown {
  return value instanceof Date ? value.toJSON() : value;
}

/**
 * Escapes text that a spreadsheet would run as a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection). It puts an apostrophe before a leading
 * `=`, `+`, `-` or `@`, also if it is full-width or follows spaces, and before a leading tab or line
 * break. Text that starts with an apostrophe gets one more, so that a reader can always remove one.
 */
function escapeFormula(text: string): string {
  return /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]|')/.test(text)
    ? `'${text}`
    : text;
}
