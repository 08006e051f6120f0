import { getServedAthlete, type ServedAthlete } from "../../db/athletes.ts";
import type { User } from "../../db/callers.ts";
import type { Caller, Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Scope } from "./scope.ts";
import { hashToken, isToken } from "./token.ts";

/** Which athlete is asked for: by Strava's id, by a share token, or whichever is the caller's. */
export type AthleteRef = number | string | undefined;

/**
 * Which athlete an input names, before its schema has seen it: the choice comes before anything else
 * is looked at.
 */
export function readAthleteRef(input: unknown): AthleteRef {
  if (typeof input !== "object" || input === null) return undefined;
  const { athlete } = input as { athlete?: unknown };
  if (athlete === undefined || isAthleteRef(athlete)) return athlete;
  const message =
    "must be Strava's id of an athlete, or the token of a share link";
  throw new AppError("invalid_input", {
    issues: [{ path: "athlete", message }],
  });
}

function isAthleteRef(value: unknown): value is NonNullable<AthleteRef> {
  return typeof value === "string"
    ? isToken(value, "ps")
    : Number.isSafeInteger(value) && Number(value) > 0;
}

/** The user who calls, by a session or a key; `undefined` for anyone else. */
export function userOf(caller: Caller): User | undefined {
  return "user" in caller ? caller.user : undefined;
}

/** Whether the caller may do such a thing at all; what it is done to is another question. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  if (caller.kind === "key") return caller.key.scopes.includes(scope);
  return caller.kind === "session" || caller.kind === "admin";
}

/** Whether the caller administers the instance: a key does only with the scope for it. */
export function isAdmin(caller: Caller): boolean {
  return caller.kind === "admin" ||
    (userOf(caller)?.role === "admin" && hasScope(caller, "admin"));
}

/** Whether the athlete is the caller's own, or the caller an administrator. */
export function isOwn(
  caller: Caller,
  { userId }: Pick<ServedAthlete, "userId">,
): boolean {
  return isAdmin(caller) || (userId !== null && userId === userOf(caller)?.id);
}

/** Whether the caller may see what the athlete keeps from others: private activities and maps. */
export function mayReadPrivate(
  caller: Caller,
  athlete: Pick<ServedAthlete, "userId">,
): boolean {
  return isOwn(caller, athlete) && hasScope(caller, "activities:read_private");
}

/** Which activities the caller may see one by one: `undefined` for all, else their visibilities. */
export function visibleTo(
  { caller, config, athlete }: Context & { athlete: ServedAthlete },
): readonly string[] | undefined {
  return mayReadPrivate(caller, athlete) ? undefined : config.publicVisibility;
}

/**
 * The athlete whose data the caller may read; throws where there is none. One that may not be seen
 * is not there.
 */
export async function requireReadable(
  ctx: Context,
  ref: AthleteRef,
): Promise<ServedAthlete> {
  const athlete = ref === undefined
    ? await findDefault(ctx)
    : await findNamed(ctx, ref);
  if (athlete) return athlete;
  if (ref !== undefined) throw new AppError("athlete_not_found");
  if (ctx.caller.kind === "anonymous" && !ctx.config.publicStats) {
    throw new AppError("missing_api_key");
  }
  throw await getServedAthlete(ctx.sql, { which: "any" })
    ? new AppError("athlete_not_found")
    : new AppError("not_connected");
}

/** The athlete that the caller may change: the caller's own or, for an administrator, any. */
export async function requireOwn(
  ctx: Context,
  ref: AthleteRef,
): Promise<ServedAthlete> {
  const athlete = ref === undefined
    ? await findOwnDefault(ctx)
    : await findNamed(ctx, ref);
  if (athlete && isOwn(ctx.caller, athlete)) return athlete;
  throw new AppError(ref === undefined ? "not_connected" : "athlete_not_found");
}

/** The caller's own, else the one that the instance shows to everyone. */
async function findDefault(ctx: Context): Promise<ServedAthlete | undefined> {
  const { publicStats } = ctx.config;
  return await findOwnDefault(ctx) ??
    await getServedAthlete(ctx.sql, { which: "public", publicStats });
}

async function findOwnDefault(
  { sql, caller }: Context,
): Promise<ServedAthlete | undefined> {
  const userId = userOf(caller)?.id;
  const own = userId && await getServedAthlete(sql, { which: "user", userId });
  if (own) return own;
  return isAdmin(caller)
    ? await getServedAthlete(sql, { which: "any" })
    : undefined;
}

async function findNamed(
  { sql, caller, config }: Context,
  ref: NonNullable<AthleteRef>,
): Promise<ServedAthlete | undefined> {
  if (typeof ref === "string") {
    return await getServedAthlete(sql, { which: "link", hash: hashToken(ref) });
  }
  const athlete = await getServedAthlete(sql, { which: "id", id: ref });
  if (!athlete) return undefined;
  const unset = config.publicStats ? "public" : "private";
  const isPublic = (athlete.visibility ?? unset) === "public";
  return isPublic || isOwn(caller, athlete) ? athlete : undefined;
}
