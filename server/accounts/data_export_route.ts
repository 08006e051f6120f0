import * as z from "zod";
import { record } from "../audit.ts";
import { openDownload } from "../http/download.ts";
import { readQuery } from "../http/query.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { requireRecentPassword } from "../trpc.ts";
import { writeDataExport } from "./data_export.ts";

/** The download of a user's own data export. */
export const dataExportRoutes: Route[] = [
  { method: "GET", path: "/api/auth/export", handle: downloadDataExport },
];

const NO_PARAMETERS = z.strictObject({});

async function downloadDataExport(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  const { user, session } = requireRecentPassword(ctx);
  readQuery(request, { schema: NO_PARAMETERS });
  const day = new Date(ctx.now()).toISOString().slice(0, 10);
  const headers = {
    "content-type": "application/jsonl",
    "content-disposition":
      `attachment; filename="paceline-${user.username}-${day}.jsonl"`,
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  await record(ctx, "account_exported", {
    userId: user.id,
    sessionId: session.id,
  });
  const stream = await openDownload(ctx, {
    async send(write) {
      await writeDataExport(ctx.sql, {
        owner: { userId: user.id },
        now: new Date(ctx.now()),
        write,
      });
    },
  });
  return new Response(stream, { headers });
}
