import {
  type ActivityReader,
  type AthleteChoice,
  getServedAthlete,
  type ServedAthlete,
} from "../../db/served_athletes.ts";
import type { User } from "../../db/users.ts";
import type { Caller, Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Scope } from "./scope.ts";
import { hashToken, isToken } from "./token.ts";

/** The athlete a request names: Strava's id, a share token, or `undefined` for the default. */
export type AthleteRef = number | string | undefined;

/**
 * Returns the athlete that an unvalidated input names. Access is decided before the schema checks
 * the rest. Throws `invalid_input` for anything but an id or a share token.
 */
export function readAthleteRef(input: unknown): AthleteRef {
  if (typeof input !== "object" || input === null) return undefined;
  const { athlete } = input as { athlete?: unknown };
  if (athlete === undefined || isAthleteRef(athlete)) return athlete;
  const message = "must be a Strava athlete id or the token of a share link";
  throw new AppError("invalid_input", {
    issues: [{ path: "athlete", message }],
  });
}

function isAthleteRef(value: unknown): value is NonNullable<AthleteRef> {
  return typeof value === "string"
    ? isToken(value, "ps")
    : Number.isSafeInteger(value) && Number(value) > 0;
}

/** Returns the user behind a session or an API key; `undefined` for other callers. */
export function userOf(caller: Caller): User | undefined {
  return "user" in caller ? caller.user : undefined;
}

/** Reports whether the caller has a scope. Access to the athlete is a separate check. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  if (caller.kind === "key") return caller.key.scopes.includes(scope);
  return caller.kind === "session" || caller.kind === "admin";
}

/** Reports whether the caller is an administrator. An administrator's key needs the scope `admin`. */
export function isAdmin(caller: Caller): boolean {
  return caller.kind === "admin" ||
    (userOf(caller)?.role === "admin" && hasScope(caller, "admin"));
}

/** Reports whether the athlete belongs to the caller, or the caller is an administrator. */
export function isOwn(
  caller: Caller,
  { userId }: Pick<ServedAthlete, "userId">,
): boolean {
  return isAdmin(caller) || (userId !== null && userId === userOf(caller)?.id);
}

/** Reports whether the caller may see the athlete's private activities and maps. */
export function mayReadPrivate(
  caller: Caller,
  athlete: Pick<ServedAthlete, "userId">,
): boolean {
  return isOwn(caller, athlete) && hasScope(caller, "activities:read_private");
}

/** Returns the visibilities of the activities that the caller may see; `undefined` means all. */
export function visibleTo(
  { caller, config, athlete }: Context & { athlete: ServedAthlete },
): readonly string[] | undefined {
  return mayReadPrivate(caller, athlete) ? undefined : config.publicVisibility;
}

/**
 * Returns the athlete whose data the caller may read. An athlete that the caller may not see is
 * treated as missing.
 *
 * @throws {AppError} `athlete_not_found`, `not_connected` or `missing_api_key`.
 */
export async function requireReadable(
  ctx: Context,
  ref: AthleteRef,
): Promise<ServedAthlete> {
  const athlete = ref === undefined
    ? await findDefault(ctx, recallServed)
    : await findNamed(ctx, ref, recallServed);
  if (athlete) return athlete;
  if (ref !== undefined) throw new AppError("athlete_not_found");
  if (ctx.caller.kind === "anonymous" && !ctx.config.publicStats) {
    throw new AppError("missing_api_key");
  }
  throw await findServed(ctx, { which: "any" })
    ? new AppError("athlete_not_found")
    : new AppError("not_connected");
}

/** Returns the athlete that the caller may change: the caller's own or, for an administrator, any. */
export async function requireOwn(
  ctx: Context,
  ref: AthleteRef,
): Promise<ServedAthlete> {
  const athlete = ref === undefined
    ? await findOwnDefault(ctx, findServed)
    : await findNamed(ctx, ref, findServed);
  if (athlete && isOwn(ctx.caller, athlete)) return athlete;
  throw new AppError(ref === undefined ? "not_connected" : "athlete_not_found");
}

/** Returns the caller's own athlete, else the one that the instance shows to everyone. */
async function findDefault(
  ctx: Context,
  find: Find,
): Promise<ServedAthlete | undefined> {
  const { publicStats } = ctx.config;
  return await findOwnDefault(ctx, find) ??
    await find(ctx, { which: "public", publicStats });
}

async function findOwnDefault(
  ctx: Context,
  find: Find,
): Promise<ServedAthlete | undefined> {
  const userId = userOf(ctx.caller)?.id;
  const own = userId && await find(ctx, { which: "user", userId });
  if (own) return own;
  return isAdmin(ctx.caller) ? await find(ctx, { which: "any" }) : undefined;
}

async function findNamed(
  ctx: Context,
  ref: NonNullable<AthleteRef>,
  find: Find,
): Promise<ServedAthlete | undefined> {
  if (typeof ref === "string") {
    return await find(ctx, { which: "link", hash: hashToken(ref) });
  }
  const athlete = await find(ctx, { which: "id", id: ref });
  if (!athlete) return undefined;
  const unset = ctx.config.publicStats ? "public" : "private";
  const isPublic = (athlete.visibility ?? unset) === "public";
  return isPublic || isOwn(ctx.caller, athlete) ? athlete : undefined;
}

type Find = typeof findServed;

/** Finds an athlete to read, in memory if nothing has changed. Changes always look into the database. */
async function recallServed(
  ctx: Context,
  choice: AthleteChoice,
): Promise<ServedAthlete | undefined> {
  const parts = "hash" in choice ? choice.hash.toHex() : choice;
  const key = JSON.stringify([parts, toReader(ctx).seesAllOf]);
  return await ctx.recallAthlete(key, () => findServed(ctx, choice));
}

async function findServed(
  ctx: Context,
  choice: AthleteChoice,
): Promise<ServedAthlete | undefined> {
  return await getServedAthlete(ctx.sql, {
    ...choice,
    now: new Date(ctx.now()),
    reader: toReader(ctx),
  });
}

/** Returns the activities that {@link mayReadPrivate} lets the caller see, of any athlete. */
function toReader(
  { caller, config: { publicVisibility: visibility } }: Context,
): ActivityReader {
  if (!hasScope(caller, "activities:read_private")) {
    return { visibility, seesAllOf: { userId: undefined } };
  }
  const seesAllOf = isAdmin(caller)
    ? "everyone" as const
    : { userId: userOf(caller)?.id };
  return { visibility, seesAllOf };
}
