import { type AnyTRPCProcedure, initTRPC } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import type { ZodType } from "zod";
import type { ServedAthlete } from "../db/served_athletes.ts";
import {
  hasScope,
  isAdmin,
  readAthleteRef,
  requireOwn,
  requireReadable,
} from "./auth/access.ts";
import type { Caller, Context } from "./context.ts";
import { AppError, type Reason, toFailure } from "./errors.ts";
import type { Scope } from "./auth/scope.ts";
import { readTrpcInput, writeTrpcOutput } from "./trpc_values.ts";

/** Cost from which a procedure counts as heavy: it keeps the event loop busy for milliseconds. */
const HEAVY_COST = 3;

/** The documentation and permissions of a procedure, next to its schemas. */
export interface Meta extends OpenApiMeta {
  /** The scope that a user's API key needs. Without a scope, no user's key may call the procedure. */
  scope?: Scope;
  /** Units of the rate limit that a call takes. Default: 1. From `HEAVY_COST` on, clients take turns. */
  cost?: number;
  /** The callers that the procedure's kind accepts. Set by the kinds below, not by procedures. */
  access?: Access;
  /** The errors that this procedure adds to those of its kind. */
  errors?: readonly Reason[];
  /** Whether the URL, the athlete's data and the athlete's local day decide the answer of any anonymous caller. */
  isKept?: boolean;
  /** Whether a successful response sets or clears the session cookies. */
  setsCookies?: boolean;
  /** A successful output, where the examples of the schema's fields do not make a good one. */
  example?: unknown;
  /** The events and the documentation of a stream, which REST does not have. */
  stream?: { event: ZodType; summary: string; description: string };
}

/** Returns the units of the rate limit that a call of the procedure takes. */
export function readCost(procedure: AnyTRPCProcedure | undefined): number {
  return (procedure?._def.meta as Meta | undefined)?.cost ?? 1;
}

/** The callers that a kind of procedure accepts. */
export interface Access {
  /** `session` accepts no API key. */
  credential: "key or session" | "session";
  /** The errors of this kind. tRPC merges `meta` one level deep, so the list is complete. */
  errors: readonly Reason[];
}

/** Wrong credentials are refused even where none are needed. */
const CREDENTIAL_ERRORS: readonly Reason[] = [
  "too_many_credentials",
  "invalid_api_key",
  "scope_missing",
];
const KEY_ERRORS: readonly Reason[] = [
  ...CREDENTIAL_ERRORS,
  "missing_api_key",
  "session_expired",
];
const ATHLETE_ERRORS: readonly Reason[] = [
  ...KEY_ERRORS,
  "athlete_not_found",
  "not_connected",
];
const SESSION_ERRORS: readonly Reason[] = [
  ...CREDENTIAL_ERRORS,
  "missing_session",
  "session_expired",
];

function acceptKey(errors: readonly Reason[]): Access {
  return { credential: "key or session", errors };
}

function acceptSession(errors: readonly Reason[]): Access {
  return { credential: "session", errors };
}

const t = initTRPC.context<Context>().meta<Meta>().create({
  transformer: {
    serialize: writeTrpcOutput,
    // Not superjson's deserializer: it obeys any caller's annotations before the input is validated.
    deserialize: readTrpcInput,
  },
  // Proxies close a connection that is silent for a minute.
  sse: { ping: { enabled: true, intervalMs: 15_000 } },
  // Sends only what the catalogue allows, never tRPC's own text or stack.
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

export const router = t.router;

/**
 * Checks a caller, and calls the rest of the procedure. A wrong key is refused even if none is needed,
 * so that a typing error is noticed. A user's key may do only what its scopes allow.
 */
async function admit<Result extends { ok: boolean; data?: unknown }>(
  { ctx, meta }: { ctx: Context; meta: Meta | undefined },
  run: () => Promise<Result>,
): Promise<Result> {
  const { caller, runHeavy, countOutput, notes } = ctx;
  if (!meta?.isKept) notes.canKeep = false;
  if (caller.kind === "refused") throw new AppError(caller.reason);
  requireScope(caller, meta?.scope);
  const isHeavy = (meta?.cost ?? 1) >= HEAVY_COST;
  const result = await (isHeavy ? runHeavy(run) : run());
  if (result.ok) countOutput?.(result.data);
  return result;
}

/** A procedure for any caller. */
export const publicProcedure = t.procedure
  .meta({ access: acceptKey(CREDENTIAL_ERRORS) })
  .use((call) => admit(call, () => call.next()));

/** Returns the athlete that a read is about, if the caller may see it. */
async function readAthlete(
  { ctx, getRawInput }: { ctx: Context; getRawInput: () => Promise<unknown> },
): Promise<ServedAthlete> {
  const ref = readAthleteRef(await getRawInput());
  const athlete = await requireReadable(ctx, ref);
  ctx.notes.athletes.push(athlete);
  return athlete;
}

// The procedures for reads have one middleware each. tRPC copies the context for each one that adds
// to it, and its own options for every one, which takes as long as the rest of a cheap read.

/** A procedure that reads an athlete: the caller's own, or one that the caller may see. */
export const readerProcedure = t.procedure
  .meta({ scope: "stats:read", access: acceptKey(ATHLETE_ERRORS) })
  .use((call) =>
    admit(call, async () => {
      const athlete = await readAthlete(call);
      return await call.next({ ctx: { athlete } });
    })
  );

/** A procedure that reads an athlete whose first sync has finished. */
export const syncedAthleteProcedure = t.procedure
  .meta({
    scope: "stats:read",
    access: acceptKey([...ATHLETE_ERRORS, "not_synced"]),
    isKept: true,
  })
  .use((call) =>
    admit(call, async () => {
      const athlete = requireSynced(await readAthlete(call));
      return await call.next({ ctx: { athlete } });
    })
  );

/** A procedure for the owner of an athlete, or an administrator. */
export const ownerProcedure = publicProcedure
  .meta({ scope: "sync:write", access: acceptKey(ATHLETE_ERRORS) })
  .use(async ({ ctx, getRawInput, next }) => {
    // Refused before the body is read.
    if (ctx.caller.kind === "anonymous") throw new AppError("missing_api_key");
    const ref = readAthleteRef(await getRawInput());
    return next({ ctx: { athlete: await requireOwn(ctx, ref) } });
  });

/** A procedure for users, by session or key, and the holder of `INTERNAL_API_KEY`. */
export const authenticatedProcedure = publicProcedure
  .meta({ access: acceptKey(KEY_ERRORS) })
  .use(({ ctx, next }) => {
    if (ctx.caller.kind === "anonymous") throw new AppError("missing_api_key");
    return next();
  });

/** A procedure for logged-in users. It accepts no key. */
export const sessionProcedure = publicProcedure
  .meta({ access: acceptSession(SESSION_ERRORS) })
  .use(({ ctx, next }) => {
    const { caller } = ctx;
    if (caller.kind !== "session") throw new AppError("missing_session");
    return next({ ctx: { user: caller.user, session: caller.session } });
  });

/** A procedure that cannot be undone, for users who entered their password recently. */
export const recentPasswordProcedure = sessionProcedure
  .meta({ access: acceptSession([...SESSION_ERRORS, "recent_login_required"]) })
  .use(({ ctx, next }) => {
    requireRecentPassword(ctx);
    return next();
  });

/** Returns the session of a caller who entered the password recently. Throws for other callers. */
export function requireRecentPassword(
  { caller, now }: Pick<Context, "caller" | "now">,
): Extract<Caller, { kind: "session" }> {
  if (caller.kind === "refused") throw new AppError(caller.reason);
  requireScope(caller, undefined);
  if (caller.kind !== "session") throw new AppError("missing_session");
  // A clock that was set back must not make an old login recent.
  const age = Math.abs(now() - caller.session.authenticatedAt.getTime());
  if (age > RECENT_LOGIN_MS) throw new AppError("recent_login_required");
  return caller;
}

/** A procedure that sets cookies, for any caller, even with an expired session. Refuses streamed batches, which would lose the cookies. */
export const cookieProcedure = t.procedure
  .meta({ access: acceptSession(CREDENTIAL_ERRORS), setsCookies: true })
  .use(({ ctx, next }) => {
    const { caller, headers } = ctx;
    ctx.notes.canKeep = false;
    if (caller.kind === "refused" && caller.reason !== "session_expired") {
      throw new AppError(caller.reason);
    }
    requireScope(caller, undefined);
    if (headers.get("trpc-accept") === "application/jsonl") {
      throw new AppError("invalid_input", {
        detail:
          "A streamed response loses its cookies: call without httpBatchStreamLink",
      });
    }
    return next();
  });

/** A procedure for administrators: users with that role and the holder of `INTERNAL_API_KEY`. */
export const adminProcedure = publicProcedure
  .meta({ scope: "admin", access: acceptKey([...KEY_ERRORS, "admin_only"]) })
  .use(({ ctx, next }) => {
    const { caller } = ctx;
    if (caller.kind === "anonymous") throw new AppError("missing_api_key");
    if (!isAdmin(caller)) throw new AppError("admin_only");
    return next();
  });

/** Time for which an entered password counts as recent, in minutes. */
export const RECENT_LOGIN_MINUTES = 10;
const RECENT_LOGIN_MS = RECENT_LOGIN_MINUTES * 60 * 1000;

/** Throws if a key lacks the scope. Without a scope no key is allowed. */
function requireScope(caller: Caller, scope: Scope | undefined): void {
  if (caller.kind === "key" && !(scope && hasScope(caller, scope))) {
    const detail = scope
      ? `This needs the scope "${scope}"`
      : "No API key can do this: log in and call it with the session";
    throw new AppError("scope_missing", { detail });
  }
}

/** An athlete whose first sync has finished. */
export type SyncedAthlete = ServedAthlete & { lastSuccessAt: Date };

/** Returns the athlete; throws `not_synced` until the first sync has finished. */
export function requireSynced(athlete: ServedAthlete): SyncedAthlete {
  const { lastSuccessAt } = athlete;
  if (!lastSuccessAt) throw new AppError("not_synced");
  return { ...athlete, lastSuccessAt };
}
