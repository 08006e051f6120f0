import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { OpenApiMeta } from "trpc-to-openapi";
import type { ZodType } from "zod";
import { getServedAthlete, type ServedAthlete } from "../db/athletes.ts";
import type { Context } from "./context.ts";
import { AppError, toFailure } from "./errors.ts";

/** What is said of a procedure beside its schemas. */
export interface Meta extends OpenApiMeta {
  /** Of a stream, which REST does not have: what each event is, and words for the documentation. */
  stream?: { event: ZodType; summary: string; description: string };
}

const t = initTRPC.context<Context>().meta<Meta>().create({
  transformer: {
    serialize: superjson.serialize,
    deserialize(value) {
      // Anything else would count as no input, and a call would run on its defaults.
      if (value !== undefined && !isEnvelope(value)) {
        throw new AppError("invalid_input", {
          detail: 'Wrap the input as superjson does: {"json": ...}',
        });
      }
      return superjson.deserialize(value);
    },
  },
  // Proxies close what is silent for a minute.
  sse: { ping: { enabled: true, intervalMs: 15_000 } },
  // Never tRPC's own text or stack: only what the catalogue allows.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const failure = toFailure(error);
    return {
      code: shape.code,
      message: failure.detail,
      data: {
        code: failure.code,
        httpStatus: failure.status,
        path: shape.data.path ?? null,
        reason: failure.reason,
        request_id: ctx?.requestId ?? null,
        issues: failure.issues ?? null,
      },
    };
  },
});

function isEnvelope(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    Object.hasOwn(value, "json");
}

export const router = t.router;

/** Anyone; a wrong key is refused even where none is needed, so that a typing error is noticed. */
const publicProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.caller.kind === "refused") throw new AppError(ctx.caller.reason);
  return next();
});

/** A reader: anyone, or with `PUBLIC_STATS=false` the holder of the key. */
export const readerProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.config.publicStats && ctx.caller.kind !== "admin") {
    throw new AppError("missing_api_key");
  }
  return next();
});

/** A reader of the athlete's data, of whom a whole sync is stored. */
export const athleteProcedure = readerProcedure.use(async ({ ctx, next }) =>
  next({ ctx: { athlete: await getSyncedAthlete(ctx) } })
);

/** The holder of the API key. */
export const adminProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.caller.kind !== "admin") throw new AppError("missing_api_key");
  return next();
});

/** An athlete of whom a whole sync is stored. */
export type SyncedAthlete = ServedAthlete & { lastSuccessAt: Date };

/** The athlete whose data is served; throws while there is none, or nothing of them. */
export async function getSyncedAthlete(ctx: Context): Promise<SyncedAthlete> {
  const athlete = await getServedAthlete(ctx.sql);
  if (!athlete) throw new AppError("not_connected");
  const { lastSuccessAt } = athlete;
  if (!lastSuccessAt) throw new AppError("not_synced");
  return { ...athlete, lastSuccessAt };
}
