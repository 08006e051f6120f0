import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";

/** The visibility that files do not tell. */
const ImportVisibility = z.enum(["everyone", "followers_only", "only_me"]);

/** The parameters of an upload. The body is the file itself. */
export const ImportUploadInput = z.strictObject({
  name: z.string().trim().min(1).max(255).default("upload").meta({
    description: "Name of the file",
    example: "export_12345.zip",
  }),
  time_zone: z.string().max(64).default("UTC").meta({
    description:
      "IANA zone of recordings without a position and without the device's offset",
    example: "Europe/Berlin",
  }),
  visibility: ImportVisibility.default("only_me").meta({
    description: "Visibility of the activities: files do not say it",
    example: "only_me",
  }),
  ...athleteInput,
});

const importFields = {
  id: Amount.meta({ description: "Id of the import", example: 12 }),
  name: z.string().meta({
    description: "Name of the uploaded file",
    example: "export_12345.zip",
  }),
  state: z.enum(["receiving", "importing", "done", "incomplete", "failed"])
    .meta({
      description:
        "`receiving` while the upload arrives, `importing` while its files are read. Then `done`; " +
        "`incomplete` if the upload broke off or the archive is damaged, and what arrived is " +
        "imported; `failed` if nothing could be read",
      example: "done",
    }),
  problem: z.string().nullable().meta({
    description:
      "Why not everything arrived or could be read. Sending the file again skips what is there",
    example: null,
  }),
  size: Amount.nullable().meta({
    description: "Bytes of the upload. Null if the client did not announce it",
    example: 48_200_000,
  }),
  received_bytes: Amount.meta({
    description: "Bytes that have arrived",
    example: 48_200_000,
  }),
  files: Amount.meta({
    description: "Number of activity files, and of activities entered by hand",
    example: 856,
  }),
  waiting: Amount.meta({
    description: "Number of those that are not read yet",
    example: 0,
  }),
  ignored: Amount.meta({
    description: "Number of other entries of an archive, which are left out",
    example: 95,
  }),
  imported: Amount.meta({
    description: "Number of files with at least one new activity",
    example: 812,
  }),
  merged: Amount.meta({
    description: "Number of other recordings of stored activities",
    example: 3,
  }),
  updated: Amount.meta({
    description:
      "Number of stored files about which a newer bulk export says something else",
    example: 0,
  }),
  unchanged: Amount.meta({
    description: "Number of files that were imported before",
    example: 40,
  }),
  refused: Amount.meta({
    description: "Number of files from which no activity can be read",
    example: 1,
  }),
  started_at: Instant.meta({ description: "Start of the upload" }),
  ended_at: Instant.nullable().meta({
    description: "When the last file was read. Null before",
  }),
};

/** An import: an upload and what became of its files. */
export const Import = z.object(importFields).meta({
  id: "Import",
  description: "An import: an upload and what became of its files",
});

/** The page of an athlete's imports. */
export const ImportsInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(20).meta({
    description: "Maximum number of imports in the page",
  }),
  cursor: z.string().regex(
    /^[1-9]\d{0,14}$/,
    "must be the next_cursor of a page",
  ).meta({ description: "`next_cursor` of the previous page" }).optional(),
  ...athleteInput,
}).default({ limit: 20 });

/** A page of an athlete's imports, newest first. */
export const Imports = z.object({
  data: z.array(Import).meta({ description: "The imports, newest first" }),
  next_cursor: z.string().nullable().meta({
    description: "`cursor` of the next page. Null on the last page",
    example: null,
  }),
}).meta({ id: "Imports", description: "A page of imports, newest first" });

const ImportId = z.number().int().positive().meta({
  description: "Id of the import",
  example: 12,
});

/** An import, and the page of its refused files. */
export const ImportInput = z.strictObject({
  id: ImportId,
  limit: z.number().int().min(1).max(1000).default(100).meta({
    description: "Maximum number of refused files in the page",
  }),
  cursor: z.string().regex(/^\d{1,10}$/, "must be the next_cursor of a page")
    .meta({ description: "`next_cursor` of the previous page" }).optional(),
  ...athleteInput,
});

/** A refused file. */
export const RefusedFile = z.object({
  name: z.string().meta({
    description: "Name of the file, as in the archive",
    example: "rides/broken.fit",
  }),
  reason: z.string().meta({
    description: "Why no activity can be read from it",
    example: "The file is damaged or incomplete",
  }),
}).meta({ id: "RefusedFile", description: "A refused file" });

/** An import with its refused files. */
export const ImportDetail = z.object({
  ...importFields,
  refusals: z.array(RefusedFile).meta({
    description: "Refused files so far, in the order of the upload",
  }),
  next_cursor: z.string().nullable().meta({
    description:
      "`cursor` of the next page of refused files. Null on the last page",
    example: null,
  }),
}).meta({
  id: "ImportDetail",
  description: "An import with its refused files",
});

/** The import to follow, and the point from which a stream continues. */
export const ImportProgressInput = z.strictObject({
  id: ImportId,
  lastEventId: z.string().max(128).meta({
    description:
      "Id of the last received event: the stream continues with the next change. The header " +
      "`Last-Event-ID` does the same",
  }).optional(),
  ...athleteInput,
});
