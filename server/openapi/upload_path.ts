import { ImportUploadInput } from "@paceline/sdk/schemas";
import * as z from "zod";
import { toResponses } from "./error_responses.ts";

type Json = Record<string, unknown>;

/** The upload of files, which is not a procedure because its body is the file itself. */
export const UPLOAD_PATH: Record<string, { post: Json }> = {
  "/api/imports": {
    post: {
      operationId: "imports-upload",
      tags: ["imports"],
      summary: "Import a file",
      description:
        "The body is the file itself: a FIT, GPX or TCX file, a ZIP or TAR archive of them, or " +
        "Strava's bulk export, of up to `IMPORT_MAX_GB`. It is read while it arrives, and the answer " +
        "comes when all of it has. Its files are then read in the background: `GET /api/imports/{id}` " +
        "shows how far that is. If the upload breaks off, send the file again: what is there is " +
        "skipped. An athlete has one upload at a time. The first upload of a user without an athlete " +
        "creates one.",
      security: [{ apiKey: [] }, { bearer: [] }, { session: [] }],
      parameters: toParameters(),
      requestBody: {
        required: true,
        description: "The file. Its content decides about the format",
        content: {
          "application/octet-stream": {
            schema: { type: "string", format: "binary" },
          },
        },
      },
      responses: {
        202: {
          description: "The upload has arrived, or what came of it",
          headers: {
            location: {
              description: "Path of the import",
              schema: { type: "string" },
              example: "/api/imports/12",
            },
          },
          content: {
            "application/json": {
              schema: { $ref: "#/components/schemas/Import" },
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
          "forbidden_origin",
          "athlete_not_found",
          "not_connected",
          "import_running",
          "body_too_large",
          "too_many_requests",
          "internal_error",
          "database_unavailable",
        ]),
      },
    },
  },
};

/** Describes the parameters of the query, which are those of the input. */
function toParameters(): Json[] {
  const { properties } = z.toJSONSchema(ImportUploadInput, {
    io: "input",
    target: "openapi-3.0",
  }) as { properties: Record<string, Json> };
  return Object.entries(properties).map((
    [name, { description, example, ...schema }],
  ) => ({ name, in: "query", description, schema, example }));
}
