import { ActivityExportInput, OriginalInput } from "@paceline/sdk/schemas";
import { toResponses } from "./error_responses.ts";

type Json = Record<string, unknown>;

const TEXT = { type: "string" };

const DISPOSITION = {
  description: "The file name, with the athlete's local day",
  schema: TEXT,
  example: 'attachment; filename="activities-2025-12-06.csv"',
};

const FEATURE_COLLECTION = {
  type: "object",
  description: "A FeatureCollection (RFC 7946)",
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
          id: { type: "integer", description: "Strava's activity id" },
          geometry: {
            anyOf: [
              { $ref: "#/components/schemas/LineString" },
              { $ref: "#/components/schemas/MultiLineString" },
              { type: "null" },
            ],
            description: "The track. Null if there is none",
          },
          properties: { $ref: "#/components/schemas/Activity" },
        },
      },
    },
  },
};

/** Describes the export of activities, which is not a procedure because it returns a file. */
export function createExportPath(
  filters: readonly Json[],
): Record<string, { get: Json }> {
  const format = {
    name: "format",
    in: "query",
    required: true,
    description:
      "`csv`: table (RFC 4180). `jsonl`: one JSON object per line. `geojson`: " +
      "FeatureCollection (RFC 7946)",
    schema: { type: "string", enum: ["csv", "jsonl", "geojson"] },
  };
  const bom = {
    name: "bom",
    in: "query",
    description: ActivityExportInput.shape.bom.unwrap().description,
    schema: { type: "boolean" },
    example: true,
  };
  return {
    "/strava/activities/export": {
      get: {
        operationId: "activities-export",
        tags: ["activities"],
        summary: "Export activities",
        description:
          "Streams all matching activities, newest first. `geojson` contains the maps as lines, " +
          "`jsonl` as polylines; `csv` has no maps. In `csv`, text that a spreadsheet could take " +
          "for a formula gets a leading apostrophe.",
        security: [{ apiKey: [] }, { bearer: [] }],
        parameters: [format, bom, ...filters],
        responses: {
          200: {
            description: "The file",
            headers: { "content-disposition": DISPOSITION },
            content: {
              "text/csv; charset=utf-8": { schema: TEXT },
              "application/jsonl": { schema: TEXT },
              "application/geo+json": {
                schema: FEATURE_COLLECTION,
              },
            },
          },
          ...toResponses([
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
            "too_many_requests",
            "not_connected",
            "not_synced",
          ]),
        },
      },
    },
  };
}

/** The download of an imported file, which is not a procedure because it returns the file itself. */
export const ORIGINAL_PATH: Record<string, { get: Json }> = {
  "/strava/activities/original": {
    get: {
      operationId: "activities-original",
      tags: ["edits"],
      summary: "Download an imported file",
      description:
        "The file as it was imported, without compression. `sources` of the activity say which have " +
        "one. An activity entered by hand is a file of JSON.",
      security: [{ apiKey: [] }, { bearer: [] }],
      parameters: [
        {
          name: "id",
          in: "query",
          required: true,
          description: OriginalInput.shape.id.description,
          schema: { type: "integer" },
          example: 4503599627370497,
        },
        {
          name: "source",
          in: "query",
          required: true,
          description: OriginalInput.shape.source.description,
          schema: { type: "string" },
          example:
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08:0",
        },
        {
          name: "athlete",
          in: "query",
          description: OriginalInput.shape.athlete.unwrap().description,
          schema: { type: "string" },
          example: "7654321",
        },
      ],
      responses: {
        200: {
          description: "The file",
          headers: {
            "content-disposition": {
              description: "The name of the file",
              schema: TEXT,
              example: 'attachment; filename="2025-12-06-083012.fit"',
            },
          },
          content: {
            "application/octet-stream": {
              schema: { type: "string", format: "binary" },
            },
          },
        },
        ...toResponses([
          "invalid_input",
          "too_many_credentials",
          "invalid_api_key",
          "missing_api_key",
          "session_expired",
          "scope_missing",
          "athlete_not_found",
          "source_not_found",
          "internal_error",
          "database_unavailable",
          "too_many_requests",
          "not_connected",
        ]),
      },
    },
  },
};

/** The data export of a user, which is not a procedure because it returns a file. */
export const DATA_EXPORT_PATH: Record<string, { get: Json }> = {
  "/api/auth/export": {
    get: {
      operationId: "auth-export",
      tags: ["auth"],
      summary: "Export all data of the user",
      description:
        "Streams the account, its sessions and API keys (without secrets), its audit events, and " +
        "all data of its athletes, as lines of JSON. A complete file ends with a line of kind " +
        "`end`. Requires a password given within the last 10 minutes.",
      security: [{ session: [] }, { bearer: [] }],
      responses: {
        200: {
          description: "The file",
          headers: {
            "content-disposition": {
              ...DISPOSITION,
              description: "The file name, with the username and the day",
              example: 'attachment; filename="paceline-ada-2025-12-06.jsonl"',
            },
          },
          content: { "application/jsonl": { schema: TEXT } },
        },
        ...toResponses([
          "invalid_input",
          "too_many_credentials",
          "invalid_api_key",
          "session_expired",
          "missing_session",
          "scope_missing",
          "recent_login_required",
          "too_many_downloads",
          "too_many_requests",
          "internal_error",
          "database_unavailable",
        ]),
      },
    },
  },
};
