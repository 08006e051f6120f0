import { isMigrated } from "../db/migrate.ts";
import type { Context } from "./context.ts";
import type { Route } from "./route.ts";

/** A database that takes longer is as good as none. */
const TIMEOUT_MS = 2000;

type Database = "connected" | "disconnected";

/** Whether the server lives, is ready, and reaches its database. */
export const healthRoutes: Route[] = [
  {
    method: "GET",
    path: "/strava/health",
    handle: async (_request, ctx) => {
      const database = (await readDatabase(ctx)).database;
      const isUp = database === "connected";
      const body = {
        status: isUp ? "ok" : "degraded",
        service: "strava",
        database,
      };
      return Response.json(body, { status: isUp ? 200 : 503 });
    },
  },
  {
    method: "GET",
    path: "/health/live",
    handle: () => Response.json({ status: "ok" }),
  },
  {
    method: "GET",
    path: "/health/ready",
    handle: async (_request, ctx) => {
      const { database, migrated } = await readDatabase(ctx);
      const status = migrated ? "ready" : "not_ready";
      return Response.json({ status, database, migrated }, {
        status: migrated ? 200 : 503,
      });
    },
  },
];

async function readDatabase(
  ctx: Context,
): Promise<{ database: Database; migrated: boolean }> {
  const given = new AbortController();
  const late = ctx.sleep(TIMEOUT_MS, given.signal).then(() => {
    throw new Error(`The database did not answer within ${TIMEOUT_MS} ms`);
  });
  try {
    const migrated = await Promise.race([isMigrated(ctx.sql), late]);
    return { database: "connected", migrated };
  } catch (cause) {
    ctx.log.warning("The database does not answer", { cause });
    return { database: "disconnected", migrated: false };
  } finally {
    given.abort();
    late.catch(() => {});
  }
}
