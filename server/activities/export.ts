import { ActivityExportInput } from "@paceline/sdk/schemas";
import { readActivities } from "../../db/activity_list.ts";
import type { ActivityFilter } from "../../db/activity_filter.ts";
import { hasScope, requireOwn } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { openDownload } from "../http/download.ts";
import { AppError, readIssues } from "../errors.ts";
import { type Format, FORMATS } from "./export_formats.ts";
import { localDate } from "./local_time.ts";
import { readQuery } from "../http/query.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { toActivityFilter } from "./filter.ts";
import { requireSynced } from "../trpc.ts";

/**
 * The export of all matching activities as one file. Only the owner may have it, because it contains
 * private activities and maps.
 */
export const exportRoutes: Route[] = [
  {
    method: "GET",
    path: "/strava/activities/export",
    handle: exportActivities,
  },
];

async function exportActivities(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  requireExportScope(ctx);
  const { format: name, athlete: ref, bom, ...input } = parseInput(request);
  const athlete = requireSynced(await requireOwn(ctx, ref));
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
  return new Response(await openStream(ctx, { filter, format, bom }), {
    headers,
  });
}

function requireExportScope({ caller }: Context): void {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "anonymous") throw new AppError("missing_api_key");
  if (!hasScope(caller, "export:read")) throw new AppError("scope_missing");
}

function parseInput(
  request: Request,
): ReturnType<typeof ActivityExportInput.parse> {
  const query = readQuery(request, { schema: ActivityExportInput });
  const { data, error } = ActivityExportInput.safeParse(query);
  if (data) return data;
  throw new AppError("invalid_input", { issues: readIssues(error) ?? [] });
}

/** Opens a stream of all matching activities in this format. */
async function openStream(
  ctx: RequestContext,
  { filter, format, bom = false }: {
    filter: ActivityFilter;
    format: Format;
    bom?: boolean | undefined;
  },
): Promise<ReadableStream<Uint8Array>> {
  return await openDownload(ctx, {
    async send(write) {
      let prefix = bom ? `\ufeff${format.head}` : format.head;
      await readActivities(ctx.sql, {
        ...filter,
        async onRows(rows) {
          const text = rows.map(format.toText).join(format.between);
          const isEmpty = rows.length === 0;
          const isLast = isEmpty && prefix === format.between;
          await write(isLast ? "" : prefix + text);
          if (!isEmpty) prefix = format.between;
        },
      });
      await write(format.tail);
    },
  });
}
