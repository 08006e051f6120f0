import { toErrors } from "./errors.ts";

type Json = Record<string, unknown>;

const TEXT = { type: "string" };

const DISPOSITION = {
  description: "The file's name, with the athlete's day",
  schema: TEXT,
  example: 'attachment; filename="activities-2025-12-06.csv"',
};

const FEATURES = {
  type: "object",
  description: "A FeatureCollection after RFC 7946",
  required: ["type", "features"],
  properties: {
    type: { type: "string", enum: ["FeatureCollection"] },
    features: {
      type: "array",
      items: {
        type: "object",
        required: ["type", "id", "geometry", "properties"],
        properties: {
          type: { type: "string", enum: ["Feature"] },
          id: { type: "integer", description: "Strava's id" },
          geometry: {
            anyOf: [
              { $ref: "#/components/schemas/LineString" },
              { type: "null" },
            ],
            description: "Null where the activity has no track",
          },
          properties: { $ref: "#/components/schemas/Activity" },
        },
      },
    },
  },
};

/** The export, which is no procedure: its answer is a file. */
export function toExportPath(
  filters: readonly Json[],
): Record<string, { get: Json }> {
  const format = {
    name: "format",
    in: "query",
    required: true,
    description:
      "`csv`: a table after RFC 4180; `jsonl`: a JSON object a line; `geojson`: a " +
      "FeatureCollection after RFC 7946",
    schema: { type: "string", enum: ["csv", "jsonl", "geojson"] },
  };
  return {
    "/strava/activities/export": {
      get: {
        operationId: "activities-export",
        tags: ["activities"],
        summary: "All activities as a file",
        description:
          "All that match, newest first, streamed. `geojson` has the maps as lines, `jsonl` as " +
          "polylines, `csv` has none. In `csv` a text that a spreadsheet would take for a formula " +
          "has an apostrophe before it.",
        security: [{ apiKey: [] }, { bearer: [] }],
        parameters: [format, ...filters],
        responses: {
          200: {
            description: "The file",
            headers: { "content-disposition": DISPOSITION },
            content: {
              "text/csv; charset=utf-8": { schema: TEXT },
              "application/jsonl": { schema: TEXT },
              "application/geo+json": {
                schema: FEATURES,
              },
            },
          },
          ...toErrors([
            "invalid_input",
            "too_many_credentials",
            "invalid_api_key",
            "missing_api_key",
            "session_expired",
            "scope_missing",
            "athlete_not_found",
            "internal_error",
            "database_unavailable",
            "too_many_downloads",
            "not_connected",
            "not_synced",
          ]),
        },
      },
    },
  };
}

/** Everything of the caller's, which is no procedure either. */
export const ACCOUNT_EXPORT_PATH: Record<string, { get: Json }> = {
  "/api/auth/export": {
    get: {
      operationId: "auth-export",
      tags: ["auth"],
      summary: "Everything of yours as a file",
      description:
        "The account, its sessions and keys without what opens anything, what was recorded of it, " +
        "and everything of each of its athletes: lines of JSON, streamed. A file without a last " +
        'line of the kind "end" is not whole. Needs a password given within 10 minutes.',
      security: [{ session: [] }, { bearer: [] }],
      responses: {
        200: {
          description: "The file",
          headers: {
            "content-disposition": {
              ...DISPOSITION,
              description: "The file's name, with the user's and the day",
              example: 'attachment; filename="paceline-ada-2025-12-06.jsonl"',
            },
          },
          content: { "application/jsonl": { schema: TEXT } },
        },
        ...toErrors([
          "invalid_input",
          "too_many_credentials",
          "invalid_api_key",
          "session_expired",
          "missing_session",
          "scope_missing",
          "recent_login_required",
          "too_many_downloads",
          "internal_error",
          "database_unavailable",
        ]),
      },
    },
  },
};
