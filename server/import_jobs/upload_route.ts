import { ImportUploadInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { record } from "../audit.ts";
import {
  type AthleteRef,
  hasScope,
  requireOwn,
  userOf,
} from "../auth/access.ts";
import { type Context, createTrigger, type Deps } from "../context.ts";
import { AppError, readIssues } from "../errors.ts";
import { withDeadline } from "../http/deadline.ts";
import { readQuery } from "../http/query.ts";
import { toText } from "../imports/text.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { createFileAthlete } from "./file_athlete.ts";
import { processImports } from "./process_imports.ts";
import { receiveUpload } from "./receive_upload.ts";
import { toImport } from "./to_import.ts";
import {
  openUploadBody,
  READ_BYTES,
  unread,
  type UploadBody,
} from "./upload_body.ts";
import { STALL_MS } from "./upload_reader.ts";

/** Path of uploads, whose bodies have other limits than those of other requests. */
export const UPLOAD_PATH = "/api/imports";
/** Most uploads of a process at once. Each has a worker. */
const MAX_UPLOADS = 4;
const RETRY_AFTER_SECONDS = 60;

/** Reports whether a request is an upload. */
export function isUpload({ method, url }: Request): boolean {
  return method === "POST" && new URL(url).pathname === UPLOAD_PATH;
}

/** Creates the route of uploads: the body is a file, an archive, or Strava's bulk export. */
export function createUploadRoutes(deps: Deps): Route[] {
  const onFiles = createTrigger(deps, {
    name: "imports",
    work: () => processImports(deps),
  });
  let uploads = 0;

  async function handle(
    request: Request,
    ctx: RequestContext,
  ): Promise<Response> {
    requireImportScope(ctx);
    const { athlete: ref, name, time_zone, visibility } = parseInput(request);
    const size = readSize(request);
    if (size !== null && size > ctx.config.importMaxBytes) {
      throw new AppError("body_too_large", { detail: toLimit(ctx) });
    }
    const athleteId = await chooseAthlete(ctx, ref);
    const body = await openBody(request, { ...ctx, size });
    if (uploads >= MAX_UPLOADS) {
      await body.cancel();
      throw new AppError("too_many_requests", {
        detail: `At most ${MAX_UPLOADS} uploads may arrive at the same time`,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    uploads++;
    try {
      const job = await receiveUpload(ctx, {
        athleteId,
        body,
        name,
        timeZone: time_zone,
        visibility,
        size,
        onFiles,
        onStart: (id) => recordUpload(ctx, { athleteId, id }),
      });
      return Response.json(toImport(job), {
        status: 202,
        headers: { location: `${ctx.config.basePath}${UPLOAD_PATH}/${job.id}` },
      });
    } finally {
      uploads--;
      body.cancel().catch(() => {});
    }
  }
  return [{ method: "POST", path: UPLOAD_PATH, handle }];
}

function requireImportScope({ caller }: Context): void {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "anonymous") throw new AppError("missing_api_key");
  if (hasScope(caller, "import:write")) return;
  const detail = 'This needs the scope "import:write"';
  throw new AppError("scope_missing", { detail });
}

function parseInput(request: Request): z.output<typeof ImportUploadInput> {
  const query = readQuery(request, { schema: ImportUploadInput });
  const { data, error } = ImportUploadInput.safeParse(query);
  if (!data) {
    throw new AppError("invalid_input", { issues: readIssues(error) ?? [] });
  }
  return { ...data, time_zone: parseTimeZone(data.time_zone) };
}

function parseTimeZone(text: string): string {
  try {
    return Temporal.Now.zonedDateTimeISO(text).timeZoneId;
  } catch {
    const message = "must be a time zone such as Europe/Berlin";
    throw new AppError("invalid_input", {
      issues: [{ path: "time_zone", message }],
    });
  }
}

/** Returns the length that the client announces; null for a body of unknown length. */
function readSize({ headers }: Request): number | null {
  const text = headers.get("content-length");
  return text === null || !/^\d{1,15}$/.test(text) ? null : Number(text);
}

/** Returns the athlete to import for. A user without an athlete gets one. */
async function chooseAthlete(ctx: Context, ref: AthleteRef): Promise<number> {
  try {
    return (await requireOwn(ctx, ref)).id;
  } catch (error) {
    const user = userOf(ctx.caller);
    const isFirst = error instanceof AppError &&
      error.reason === "not_connected";
    if (!isFirst || !user) throw error;
    return await createFileAthlete(ctx, {
      firstname: toText(user.displayName) ?? user.username,
      userId: user.id,
      by: "import",
      isFirst,
    });
  }
}

/**
 * Opens the body, and waits for its first byte.
 *
 * @throws {AppError} `invalid_input` if it is empty.
 */
async function openBody(
  { body: stream }: Request,
  { sleep, size }: Pick<Deps, "sleep"> & { size: number | null },
): Promise<UploadBody> {
  if (!stream) throw new AppError("invalid_input", { detail: EMPTY });
  const body = openUploadBody(stream, { size });
  const head = await withDeadline(body.read(READ_BYTES).catch(() => null), {
    milliseconds: STALL_MS,
    sleep,
    toError: () => new AppError("body_too_slow"),
  });
  if (!head) throw new AppError("invalid_input", { detail: EMPTY });
  return unread(body, head);
}

const EMPTY =
  "The body is empty: send a FIT, GPX or TCX file, or an archive of them, as the body itself";

function toLimit({ config }: Context): string {
  const gigabytes = config.importMaxBytes / 1e9;
  return `The file is larger than IMPORT_MAX_GB allows: ${gigabytes} GB`;
}

async function recordUpload(
  ctx: Context,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<void> {
  const { caller } = ctx;
  await record(ctx, "files_uploaded", {
    userId: userOf(caller)?.id,
    sessionId: caller.kind === "session" ? caller.session.id : undefined,
    apiKeyId: caller.kind === "key" ? caller.key.id : undefined,
    athleteId,
    detail: { import_id: id },
  });
}
