import { isMigrated } from "../db/migrate.ts";
import { getInactiveSince } from "./sync/rate_limit.ts";
import { withDeadline } from "./http/deadline.ts";
import { AppError } from "./errors.ts";
import type { RequestContext, Route } from "./http/route.ts";

/** Time for which requests share the result of a probe, in milliseconds. Probes cost queries. */
const SHARED_MS = 1000;
/** Time after which a database counts as disconnected. */
const TIMEOUT_MS = 2000;

type Database = "connected" | "disconnected";

/** The health routes: whether the server runs, is ready, and reaches its database. */
export const healthRoutes: Route[] = [
  {
    method: "GET",
    path: "/strava/health",
    cost: 0,
    handle: async (_request, ctx) => await respondHealth(ctx, "strava"),
  },
  {
    method: "GET",
    path: "/api/health",
    cost: 0,
    handle: async (_request, ctx) => await respondHealth(ctx, "api"),
  },
  {
    method: "GET",
    path: "/health/live",
    cost: 0,
    handle: () => Response.json({ status: "ok" }),
  },
  {
    method: "GET",
    path: "/health/ready",
    cost: 0,
    handle: async (_request, ctx) => {
      const { database, migrated, isInactive } = await readDatabase(ctx);
      const body = {
        status: migrated ? "ready" : "not_ready",
        database,
        migrated,
        // Stored data is still served.
        ...(isInactive ? { strava: "inactive" } : {}),
      };
      return Response.json(body, { status: migrated ? 200 : 503 });
    },
  },
];

async function respondHealth(
  ctx: RequestContext,
  service: "api" | "strava",
): Promise<Response> {
  const { database } = await readDatabase(ctx);
  const isUp = database === "connected";
  const body = { status: isUp ? "ok" : "degraded", service, database };
  return Response.json(body, { status: isUp ? 200 : 503 });
}

/** Reports whether a path is a health route. */
export function isHealthPath(path: string): boolean {
  return healthRoutes.some((route) => route.path === path);
}

interface DatabaseState {
  database: Database;
  migrated: boolean;
  /** Whether Strava has closed its API to the application. */
  isInactive: boolean;
}

/** A probe of a database, and when it began. */
interface Probe {
  at: number;
  state: Promise<DatabaseState>;
}

const probes = new WeakMap<RequestContext["sql"], Probe>();

async function readDatabase(ctx: RequestContext): Promise<DatabaseState> {
  const { sleep, requestLog, sql, now } = ctx;
  const last = probes.get(sql);
  const isShared = last && Math.abs(now() - last.at) < SHARED_MS;
  const probe = isShared ? last : { at: now(), state: checkDatabase(ctx) };
  probes.set(sql, probe);
  try {
    return await withDeadline(probe.state, {
      milliseconds: TIMEOUT_MS,
      sleep,
      toError: () =>
        new Error(`The database did not answer within ${TIMEOUT_MS} ms`),
    });
  } catch (cause) {
    requestLog.fail(new AppError("database_unavailable", { cause }));
    return { database: "disconnected", migrated: false, isInactive: false };
  }
}

async function checkDatabase(ctx: RequestContext): Promise<DatabaseState> {
  const migrated = await isMigrated(ctx.sql);
  const isInactive = migrated && await getInactiveSince(ctx) !== null;
  return { database: "connected", migrated, isInactive };
}
