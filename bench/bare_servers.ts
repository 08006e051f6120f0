/** Servers that do less than ours: the ceilings of `reads.ts`, which starts them as processes. */

import { countActivities, listActivities } from "../db/activity_list.ts";
import { getGroupTotals } from "../db/activity_totals.ts";
import { connect } from "../db/driver/client.ts";
import { print } from "./database.ts";
import { ATHLETE_ID } from "./history.ts";

/** Serves the same response for every request. */
function serveConstant(headers: [string, string][], body: string): void {
  const kept = headers.filter(([name]) => name !== "date");
  serveBare(() => new Response(body, { headers: kept }));
}

/** Serves the rows of a query as they come. */
function serveQuery(databaseUrl: string): void {
  const sql = connect(databaseUrl);
  const scope = {
    athleteId: ATHLETE_ID,
    visibility: ["everyone"],
    excludeSport: "A",
  };
  serveBare(async ({ url }) => {
    if (new URL(url).pathname === "/ytd") {
      const year = { from: "2026-01-01", to: "2026-11-20" };
      return Response.json(await getGroupTotals(sql, { ...scope, ...year }));
    }
    const [total, data] = await Promise.all([
      countActivities(sql, scope),
      listActivities(sql, { ...scope, limit: 101 }),
    ]);
    return Response.json({ total, data });
  });
}

function serveBare(
  handle: (request: Request) => Response | Promise<Response>,
): void {
  const onListen = ({ port }: { port: number }): void => print(String(port));
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, handle);
}

if (import.meta.main) {
  const [part, ...args] = Deno.args;
  if (part === "ceiling") serveConstant(JSON.parse(args[0]!), args[1]!);
  else serveQuery(args[0]!);
}
