import { isMigrated } from "../db/migrate.ts";
import { withDeadline } from "./deadline.ts";
import { AppError } from "./errors.ts";
import type { RequestContext, Route } from "./route.ts";

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
  { sql, sleep, requestLog }: RequestContext,
): Promise<{ database: Database; migrated: boolean }> {
  try {
    const migrated = await withDeadline(isMigrated(sql), {
      milliseconds: TIMEOUT_MS,
      sleep,
      toError: () =>
        new Error(`The database did not answer within ${TIMEOUT_MS} ms`),
    });
    return { database: "connected", migrated };
  } catch (cause) {
    requestLog.fail(new AppError("database_unavailable", { cause }));
    return { database: "disconnected", migrated: false };
  }
}
