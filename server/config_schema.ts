import { Cron } from "croner";
import { z } from "zod";
import { checkConnectionUrl } from "./database_url.ts";

/** The athletes that may connect: a list of ids, or only the first one who does. */
export type AllowedAthletes = "first" | readonly number[];

const MIN_SECRET_BYTES = 32;
/** Most processes of `PROCESSES=auto`: more would need a PostgreSQL with more than its 100 connections. */
const MAX_AUTO = 16;
const IS_LINUX = Deno.build.os === "linux";
/** Longest retention, about a hundred years. */
const MAX_DAYS = 36_500;
const RETENTION_FORM =
  `must be "forever" or a whole number of days from 1 to ${MAX_DAYS}`;
const GIGABYTES = /^([1-9]\d{0,2}(\.\d{1,3})?|0\.\d{0,2}[1-9])$/;
const GIGABYTES_FORM = "must be gigabytes from 0.001 to 999, such as 5 or 0.5";
const RATE_FORM =
  'must be "off" or a whole number of units a minute from 1 to 9999999';
const url = z.string().refine(
  isHttpUrl,
  "must be an http:// or https:// URL without ? or #",
)
  // The form for a header: host name in ASCII, the rest percent-encoded.
  .transform((value) => new URL(value).href.replace(/\/+$/, ""));
const origin = z.string().refine(
  (value) =>
    isHttpUrl(value) && new URL(value).origin === value.replace(/\/$/, ""),
  "must be a comma-separated list of origins such as https://example.com",
).transform((value) => value.replace(/\/$/, ""));
const hostName = z.string().refine(
  isHostName,
  "must be a comma-separated list of host names or addresses without port, such as api.example.com",
).transform((value) => new URL(`http://${value}`).hostname);
const secret = z.string(
  "is not set: create one with `openssl rand -base64 32`",
).refine(
  (value) => new TextEncoder().encode(value).length >= MIN_SECRET_BYTES,
  `must have at least ${MIN_SECRET_BYTES} bytes: create one with \`openssl rand -base64 32\``,
);
const flag = z.enum(["true", "false"], "must be true or false");
const list = z.string().transform((value) =>
  value.split(",").map((part) => part.trim()).filter((part) => part !== "")
);
const retention = z.string().regex(/^(forever|[1-9]\d{0,4})$/, RETENTION_FORM)
  .transform((value) => value === "forever" ? null : Number(value))
  .refine((days) => days === null || days <= MAX_DAYS, RETENTION_FORM);

/** Each variable with its form, the message for any other value, and its default. */
export const ConfigSchema = z.object({
  ENVIRONMENT: z.enum(
    ["development", "production"],
    "must be development or production",
  )
    .default("development"),
  PORT: z.string().regex(/^\d{1,5}$/, "must be a number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65535, "must be a number from 0 to 65535")
    .default(5001),
  // A URL has brackets around an IPv6 address, but a socket does not.
  HOST: z.string().transform((host) => host.replace(/^\[(.*)\]$/, "$1"))
    .default("127.0.0.1"),
  PROCESSES: z.string().regex(
    /^(auto|[1-9]|[1-5]\d|6[0-4])$/,
    "must be auto or a number from 1 to 64",
  ).transform(toProcesses).refine(
    (count) => count === 1 || IS_LINUX,
    "must be 1 on this system: only Linux spreads connections over processes",
  ).default(1),
  DATABASE_URL: z.string(
    "is not set: use a URL such as postgres://user:password@host:5432/paceline, or run `deno task start`, which includes a database",
  ).check(checkConnectionUrl),
  DATABASE_DIRECT_URL: z.string().check(checkConnectionUrl).optional(),
  DATABASE_OWNER_URL: z.string().check(checkConnectionUrl).optional(),
  INTERNAL_API_KEY: secret.refine(
    isHeaderText,
    "must be ASCII without spaces, because it is sent in a header",
  ),
  STATE_SECRET: secret,
  ENCRYPTION_KEY: secret,
  ENCRYPTION_KEYS_OLD: list.default([]),
  STRAVA_CLIENT_ID: z.string().regex(
    /^\d+$/,
    "must be the number shown as Client ID on https://www.strava.com/settings/api",
  ).default(""),
  STRAVA_CLIENT_SECRET: z.string().default(""),
  STRAVA_REDIRECT_URI: url.optional(),
  STRAVA_API_URL: url.default("https://www.strava.com/api/v3"),
  STRAVA_OAUTH_URL: url.default("https://www.strava.com/oauth"),
  STRAVA_RETENTION: retention.default(null),
  STRAVA_STREAMS: z.enum(["off", "new", "all"], "must be off, new or all")
    .default("off"),
  ALLOWED_ATHLETES: z.string().regex(
    /^(first|\s*[1-9]\d{0,14}\s*(,\s*[1-9]\d{0,14}\s*)*)$/,
    'must be "first" or a comma-separated list of Strava athlete ids',
  ).transform((value): AllowedAthletes =>
    value === "first" ? "first" : value.split(",").map(Number)
  ).optional(),
  ALLOWED_HOSTS: list.pipe(z.array(hostName)).default([]),
  ANSWER_CACHE_MB: z.string().regex(
    /^\d{1,5}$/,
    "must be a whole number of megabytes from 0 to 99999",
  )
    .transform(Number).default(32),
  ATHLETE_REST_HR: heartRate(20, 100).default(60),
  ATHLETE_MAX_HR: heartRate(101, 250).optional(),
  FRONTEND_URL: url.optional(),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]),
  PUBLIC_STATS: flag.default("true"),
  PUBLIC_VISIBILITY: list.pipe(
    z.array(z.enum(
      ["everyone", "followers_only", "only_me"],
      "must be a comma-separated list of everyone, followers_only, only_me",
    )),
  ).default(["everyone"]),
  PUBLIC_TOTALS: z.enum(["all", "visible"], "must be all or visible")
    .default("all"),
  SIGNUP: z.enum(["closed", "open"], "must be closed or open").default(
    "closed",
  ),
  TRUSTED_PROXIES: z.string().regex(/^\d$/, "must be a number from 0 to 9")
    .transform(Number).default(0),
  RATE_LIMIT: z.string().regex(/^(off|[1-9]\d{0,6})$/, RATE_FORM)
    .transform((value) => value === "off" ? null : Number(value)).optional(),
  MAX_CONCURRENT_REQUESTS: count().optional(),
  MAX_STREAMS: count().default(20),
  KEEP_ORIGINALS: flag.default("true"),
  IMPORT_MAX_GB: z.string().regex(GIGABYTES, GIGABYTES_FORM).transform(Number)
    .default(5),
  AUDIT_RETENTION: retention.default(365),
  SYNC_CRON: z.string().refine(
    isCron,
    'must be five cron fields in UTC, weekdays by name, such as "0 * * * *" or "15 6 * * MON"',
  ).default("0 * * * *"),
  CACHE_MAX_AGE: seconds().default(0),
  CACHE_S_MAXAGE: seconds().optional(),
  CACHE_STALE_WHILE_REVALIDATE: seconds().optional(),
  // Strava accepts callback URLs of at most 255 characters.
  PUBLIC_URL: z.string().max(180, "must have at most 180 characters").pipe(url)
    .refine(
      (value) => findPath(value) === "" || BASE_PATH.test(findPath(value)),
      "must have a path of letters, digits and . _ ~ - only, and none of /docs, /openapi.json, /redoc and /trpc",
    ).optional(),
  WEBHOOK_VERIFY_TOKEN: z.string().min(8, "must have at least 8 characters")
    .max(200, "must have at most 200 characters").optional(),
  STRAVA_WEBHOOK_SIGNING_SECRET: z.string().optional(),
  ON_DEAUTHORIZE: z.enum(["delete", "keep"], "must be delete or keep").default(
    "delete",
  ),
  // Strava's API agreement allows 30 days to delete the data of an athlete who left.
  DEAUTHORIZE_GRACE_DAYS: z.string().regex(
    /^([12]?\d|30)$/,
    "must be a number from 0 to 30",
  ).transform(Number).default(0),
  LOG_LEVEL: z.enum(
    ["debug", "info", "warning", "error"],
    "must be debug, info, warning or error",
  )
    .default("info"),
  LOG_FORMAT: z.enum(["json", "pretty"], "must be json or pretty").optional(),
});

/**
 * A path before those of the routes, which hides none of the server's own pages. It needs no escaping
 * in HTML and scripts.
 */
const BASE_PATH =
  /^\/(?!(docs|openapi\.json|redoc|trpc)(\/|$))[\w.~%-]+(\/[\w.~%-]+)*$/;

function findPath(url: string): string {
  return new URL(url).pathname.replace(/\/$/, "");
}

/**
 * Returns the path under which a proxy serves the server to browsers: that of `PUBLIC_URL`, or else of
 * `STRAVA_REDIRECT_URI`. It is empty, or begins with a slash and ends without one.
 */
export function toBasePath(
  env: Partial<z.output<typeof ConfigSchema>>,
): string {
  const redirect = /^(.*)\/strava\/callback$/.exec(
    env.STRAVA_REDIRECT_URI ?? "",
  );
  return [env.PUBLIC_URL, redirect?.[1]].flatMap((url) => url ?? [])
    .map(findPath).find((path) => BASE_PATH.test(path)) ?? "";
}

function toProcesses(value: string): number {
  if (value !== "auto") return Number(value);
  return IS_LINUX ? Math.min(navigator.hardwareConcurrency, MAX_AUTO) : 1;
}

/** Returns the schema of a duration in seconds. */
function seconds(): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().regex(
    /^\d{1,8}$/,
    "must be a whole number of seconds from 0 to 99999999",
  ).transform(Number);
}

/** Returns the schema of a number of things at the same time. */
function count(): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().regex(
    /^[1-9]\d{0,4}$/,
    "must be a whole number from 1 to 99999",
  ).transform(Number);
}

/** Returns a heart rate schema. The two ranges do not overlap, so that max is always above rest. */
function heartRate(
  min: number,
  max: number,
): z.ZodPipe<
  z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>,
  z.ZodNumber
> {
  const message =
    `must be a whole number of beats per minute, from ${min} to ${max}`;
  return z.string().regex(/^\d{1,3}$/, message).transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

function isHostName(value: string): boolean {
  const url = `http://${value}`;
  return /^([\w.-]+|\[[\da-f:.]+\])$/i.test(value) && URL.canParse(url);
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^?#]+$/i.test(value) && URL.canParse(value);
}

function isHeaderText(value: string): boolean {
  return /^[\x21-\x7e]*$/.test(value);
}

/**
 * Reports whether a text is a cron schedule. Refuses numbered weekdays, because cron dialects
 * disagree on which day is 1, and `?`, `+` and `#`, because Deno.cron does not support them.
 */
function isCron(value: string): boolean {
  const fields = value.split(/\s+/);
  if (fields.length !== 5 || /\d/.test(fields[4] ?? "")) return false;
  if (!/^[\w\s*,/-]+$/.test(value)) return false;
  try {
    new Cron(value, { paused: true, mode: "5-part" });
    return true;
  } catch {
    return false;
  }
}
