import { ActivityExportInput } from "@paceline/sdk/schemas";
import { type ActivityFilter, readActivities } from "../db/activity_list.ts";
import { hasScope, requireOwn } from "./access.ts";
import type { Context } from "./context.ts";
import { withDeadline } from "./deadline.ts";
import { AppError, readIssues } from "./errors.ts";
import { type Format, FORMATS } from "./export_formats.ts";
import { localDate } from "./local_time.ts";
import { readQuery } from "./query.ts";
import type { RequestContext, Route } from "./route.ts";
import { toActivityFilter } from "./routers/activity_filter.ts";
import { requireSynced } from "./trpc.ts";

/** How long a client may take nothing of an export: it holds a connection to the database. */
const STALL_MS = 60_000;

/** How many run at once: each holds one of the pool's ten connections as long as its client takes. */
const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 10;

/** The exports that run now. */
interface Running {
  count: number;
}

/** All that match, as one file; the owner's alone, since it has the private ones and the maps. */
export function createExportRoutes(): Route[] {
  const running: Running = { count: 0 };
  return [{
    method: "GET",
    path: "/strava/activities/export",
    handle: (request, ctx) => exportActivities(request, ctx, running),
  }];
}

async function exportActivities(
  request: Request,
  ctx: RequestContext,
  running: Running,
): Promise<Response> {
  refuseStrangers(ctx);
  const { format: name, ...input } = readInput(request);
  const athlete = requireSynced(await requireOwn(ctx, undefined));
  const format = FORMATS[name];
  const day = localDate(ctx.now(), athlete);
  const headers = {
    "content-type": format.type,
    "content-disposition": `attachment; filename="activities-${day}.${name}"`,
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const filter = {
    athleteId: athlete.id,
    visibility: undefined,
    ...toActivityFilter(input),
  };
  if (running.count >= MAX_EXPORTS) {
    throw new AppError("too_many_exports", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  running.count++;
  const onEnd = (): void => void running.count--;
  const stream = await openStream(ctx, { filter, format, onEnd });
  return new Response(stream, { headers });
}

function refuseStrangers({ caller }: Context): void {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "anonymous") throw new AppError("missing_api_key");
  if (!hasScope(caller, "export:read")) throw new AppError("scope_missing");
}

function readInput(
  request: Request,
): ReturnType<typeof ActivityExportInput.parse> {
  const query = readQuery(request, { schema: ActivityExportInput });
  const { data, error } = ActivityExportInput.safeParse(query);
  if (data) return data;
  throw new AppError("invalid_input", { issues: readIssues(error) ?? [] });
}

/** The client has gone, or takes nothing any more: nobody is left to be told. */
class ClientGone extends Error {
  override name = "ClientGone";
}

/**
 * The file as it is read: no more than a part of it is here at a time, and the next is fetched when
 * the client has taken the one before. Rejects where not even the first can be read, so that this
 * is answered as any failure is.
 */
async function openStream(
  ctx: RequestContext,
  { filter, format, onEnd }: {
    filter: ActivityFilter;
    format: Format;
    /** Called once, when the connection is free again. */
    onEnd: () => void;
  },
): Promise<ReadableStream<Uint8Array>> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const encoder = new TextEncoder();
  const begun = Promise.withResolvers<void>();
  const { signal } = ctx.background;
  const stop = (): void => void writer.abort(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop);

  async function write(text: string): Promise<void> {
    begun.resolve();
    if (text === "") return;
    const writing = withDeadline(writer.write(encoder.encode(text)), {
      milliseconds: STALL_MS,
      sleep: ctx.sleep,
      toError: () => new Error("The client takes nothing"),
    });
    await writing.catch((cause) => {
      throw new ClientGone("The client has gone", { cause });
    });
  }

  async function send(): Promise<void> {
    let lead = format.head;
    await readActivities(ctx.sql, {
      ...filter,
      async take(rows) {
        const text = rows.map(format.toText).join(format.between);
        const isEmpty = rows.length === 0;
        await write(isEmpty && lead === format.between ? "" : lead + text);
        if (!isEmpty) lead = format.between;
      },
    });
    await write(format.tail);
    await writer.close();
  }

  let isBegun = false;
  ctx.background.run("export", () =>
    send().catch(async (error) => {
      begun.reject(error);
      await writer.abort(error).catch(() => {});
      if (isBegun && !(error instanceof ClientGone)) ctx.requestLog.fail(error);
    }).finally(() => {
      signal.removeEventListener("abort", stop);
      onEnd();
    }));
  await begun.promise;
  isBegun = true;
  return readable;
}
