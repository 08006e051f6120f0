import { OriginalInput } from "@paceline/sdk/schemas";
import { hasScope, requireOwn } from "../auth/access.ts";
import { readOriginal } from "../edits/activity_sources.ts";
import { AppError, readIssues } from "../errors.ts";
import { readQuery } from "../http/query.ts";
import type { RequestContext, Route } from "../http/route.ts";

/** The download of an imported file. Only the owner may have it: it names places and devices. */
export const originalRoutes: Route[] = [
  {
    method: "GET",
    path: "/strava/activities/original",
    cost: 2,
    handle: downloadOriginal,
  },
];

async function downloadOriginal(
  request: Request,
  ctx: RequestContext,
): Promise<Response> {
  const { caller, sql } = ctx;
  if (caller.kind === "refused") throw new AppError(caller.reason);
  if (caller.kind === "anonymous") throw new AppError("missing_api_key");
  if (!hasScope(caller, "export:read")) throw new AppError("scope_missing");
  const { data, error } = OriginalInput.safeParse(
    readQuery(request, { schema: OriginalInput }),
  );
  if (!data) {
    throw new AppError("invalid_input", { issues: readIssues(error) ?? [] });
  }
  const { id: athleteId } = await requireOwn(ctx, data.athlete);
  const file = await readOriginal(sql, { ...data, athleteId });
  if (!file) throw new AppError("source_not_found");
  const headers = {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="${toFileName(file)}"`,
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const { body } = new Response(Uint8Array.from(file.original));
  const content = body!.pipeThrough(new DecompressionStream("gzip"));
  return new Response(content, { headers });
}

/** Returns a name that every system accepts: that of the file, without its compression. */
function toFileName({ name, kind }: { name: string; kind: string }): string {
  const plain = name.replace(/\.gz$/i, "").replaceAll(/[^\w.-]+/g, "_")
    .replace(/^\.+/, "").slice(-100);
  return plain || `activity.${kind === "manual" ? "json" : kind}`;
}
