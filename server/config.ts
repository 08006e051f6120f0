import type { z } from "zod";
import {
  listProductionProblems,
  listStravaProblems,
  toProblems,
} from "./config_problems.ts";
import {
  type AllowedAthletes,
  ConfigSchema,
  toBasePath,
} from "./config_schema.ts";
import { composeDatabaseUrls, DATABASE_PARTS } from "./database_url.ts";

/** Every setting, validated and typed. */
export interface Config {
  environment: "development" | "production";
  port: number;
  host: string;
  /** Server processes on the port. */
  processes: number;
  /** The server's public URL without trailing slash, if `PUBLIC_URL` is set. */
  publicUrl: string | undefined;
  /** The path before those of the routes: empty, or such as `/paceline`. */
  basePath: string;
  databaseUrl: string;
  /** The same database without a pooler in front of it. */
  databaseDirectUrl: string;
  /** The same database as the owner of its tables, without a pooler: for migrations and backups. */
  databaseOwnerUrl: string;
  /** Whether the owner creates the role of `databaseUrl` and sets its password. */
  createsRole: boolean;
  internalApiKey: string;
  stateSecret: string;
  encryptionKey: string;
  encryptionKeysOld: readonly string[];
  strava: {
    /** Whether there is a Strava application. Without one, all data comes from files. */
    hasApp: boolean;
    clientId: string;
    clientSecret: string;
    redirectUri: string;
    apiUrl: string;
    oauthUrl: string;
  };
  allowedAthletes: AllowedAthletes;
  /** The frontend's URL without trailing slash: the only place that browsers are redirected to. */
  frontendUrl: string;
  /** Origins whose pages may call the server, including the frontend's. */
  corsOrigins: readonly string[];
  /** Names and addresses that a request's Host may have, without port. */
  allowedHosts: readonly string[];
  publicStats: boolean;
  publicVisibility: readonly string[];
  /** Whether sums of whole months count activities that the caller may not see. */
  publicTotals: "all" | "visible";
  /** Whether anyone may create an account. */
  signup: "closed" | "open";
  /** Number of trusted reverse proxies in front of the server. */
  trustedProxies: number;
  limits: LimitsConfig;
  caching: CachingConfig;
  /** Days after which audit events are deleted; null keeps them forever. */
  auditRetentionDays: number | null;
  /** Beats per minute. Without `max`, the highest of the stored activities counts. */
  heart: { rest: number; max: number | undefined };
  syncCron: string;
  /** Strava's push events; `undefined` turns them off. */
  webhook: WebhookConfig | undefined;
  /** Handling of an athlete's data after permission was withdrawn at Strava. */
  onDeauthorize: "delete" | "keep";
  /** Days that this data is kept in case the athlete connects again. */
  deauthorizeGraceDays: number;
  /** Whether imported files are kept, compressed. */
  keepOriginals: boolean;
  /** Largest upload of files, in bytes. */
  importMaxBytes: number;
  /** Days after which the raw Strava JSON is dropped; null keeps it forever. */
  retentionDays: number | null;
  /** Activities whose streams Strava is asked for: none, those after the first sync, or all. */
  stravaStreams: "off" | "new" | "all";
  logLevel: "debug" | "info" | "warning" | "error";
  logFormat: "json" | "pretty";
}

/** Caching of the answers to public reads. */
export interface CachingConfig {
  /** Memory for answers that are kept ready, in bytes; 0 keeps none. */
  maxBytes: number;
  /** `max-age` for browsers, in seconds. */
  maxAge: number;
  /** `s-maxage` for shared caches, in seconds. */
  sharedMaxAge: number | undefined;
  /** In seconds. */
  staleWhileRevalidate: number | undefined;
}

/** Limits of each client. */
export interface LimitsConfig {
  /** Units in a minute; null turns the limit off. */
  rate: number | null;
  /** Requests at the same time. */
  concurrent: number;
  /** Open streams. */
  streams: number;
  /** Whether clients on this machine are exempt from `rate` and `concurrent`. */
  exemptLoopback: boolean;
}

/** Settings of Strava's push events. */
export interface WebhookConfig {
  /** Token that Strava sends back when it validates the callback. */
  verifyToken: string;
  /** Secret that events must be signed with, if set. */
  signingSecret: string | undefined;
}

const DEFAULT_LIMITS = { rate: 2000, concurrent: 50 };

/** The name of a variable that the server reads. */
export type Variable =
  | keyof typeof ConfigSchema.shape
  | (typeof DATABASE_PARTS)[number];

/** All variables that the server reads, in the order of their names. */
export const VARIABLES: readonly Variable[] = [
  ...ConfigSchema.keyof().options,
  ...DATABASE_PARTS,
].sort();

/** Thrown with every problem of the environment, one sentence each. */
export class ConfigError extends Error {
  override name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${
        problems.length === 1 ? "a problem" : `${problems.length} problems`
      }:\n` +
        problems.map((problem) => `  - ${problem}`).join("\n"),
    );
  }
}

/**
 * Reads the configuration through `get`. An empty variable counts as unset.
 * @throws {ConfigError} with every problem at once.
 */
export function readConfig(
  get: (name: Variable) => string | undefined,
  { terminal = false } = {},
): Config {
  const values: Record<string, string> = {};
  for (const name of VARIABLES) {
    const value = get(name)?.trim();
    if (value) values[name] = value;
  }
  const composed = composeDatabaseUrls(values);
  if (composed.url) values["DATABASE_URL"] = composed.url;
  if (composed.ownerUrl) values["DATABASE_OWNER_URL"] ??= composed.ownerUrl;
  const parsed = ConfigSchema.safeParse(values);
  const problems = parsed.success
    ? []
    : toProblems(parsed.error, values).filter(
      // The problem is the variable that was set, not the other way to name a database.
      (problem) => !composed.problem || !problem.startsWith("DATABASE_URL "),
    );
  if (composed.problem) problems.push(composed.problem);
  problems.push(...listStravaProblems(values));
  if (values["ENVIRONMENT"] === "production") {
    problems.push(...listProductionProblems(values));
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError([...new Set(problems)]);
  }
  return toConfig(parsed.data, {
    terminal,
    createsRole: composed.ownerUrl !== undefined,
  });
}

function toConfig(
  env: z.output<typeof ConfigSchema>,
  { terminal, createsRole }: { terminal: boolean; createsRole: boolean },
): Config {
  const databaseDirectUrl = env.DATABASE_DIRECT_URL ?? env.DATABASE_URL;
  const redirectUri = env.STRAVA_REDIRECT_URI ??
    `${toOwnUrl(env.HOST, env.PORT)}/strava/callback`;
  // Without another frontend, the browser returns to the web app of this server.
  const frontendUrl = env.FRONTEND_URL ?? env.PUBLIC_URL ??
    new URL(redirectUri).origin + toBasePath(env);
  return {
    environment: env.ENVIRONMENT,
    port: env.PORT,
    host: env.HOST,
    processes: env.PROCESSES,
    publicUrl: env.PUBLIC_URL,
    basePath: toBasePath(env),
    databaseUrl: env.DATABASE_URL,
    databaseDirectUrl,
    databaseOwnerUrl: env.DATABASE_OWNER_URL ?? databaseDirectUrl,
    createsRole,
    internalApiKey: env.INTERNAL_API_KEY,
    stateSecret: env.STATE_SECRET,
    encryptionKey: env.ENCRYPTION_KEY,
    encryptionKeysOld: env.ENCRYPTION_KEYS_OLD,
    strava: {
      hasApp: env.STRAVA_CLIENT_ID !== "",
      clientId: env.STRAVA_CLIENT_ID,
      clientSecret: env.STRAVA_CLIENT_SECRET,
      redirectUri,
      apiUrl: env.STRAVA_API_URL,
      oauthUrl: env.STRAVA_OAUTH_URL,
    },
    allowedAthletes: env.ALLOWED_ATHLETES ?? "first",
    frontendUrl,
    corsOrigins: [
      ...new Set([new URL(frontendUrl).origin, ...env.CORS_ORIGINS]),
    ],
    allowedHosts: listHosts(env),
    publicStats: env.PUBLIC_STATS === "true",
    publicVisibility: env.PUBLIC_VISIBILITY,
    publicTotals: env.PUBLIC_TOTALS,
    signup: env.SIGNUP,
    trustedProxies: env.TRUSTED_PROXIES,
    limits: {
      rate: env.RATE_LIMIT === undefined ? DEFAULT_LIMITS.rate : env.RATE_LIMIT,
      concurrent: env.MAX_CONCURRENT_REQUESTS ?? DEFAULT_LIMITS.concurrent,
      streams: env.MAX_STREAMS,
      // A developer's tests and benchmarks must not meet a limit that nobody has set.
      exemptLoopback: env.ENVIRONMENT === "development" &&
        env.RATE_LIMIT === undefined &&
        env.MAX_CONCURRENT_REQUESTS === undefined,
    },
    caching: {
      maxBytes: env.ANSWER_CACHE_MB * 1024 * 1024,
      maxAge: env.CACHE_MAX_AGE,
      sharedMaxAge: env.CACHE_S_MAXAGE,
      staleWhileRevalidate: env.CACHE_STALE_WHILE_REVALIDATE,
    },
    auditRetentionDays: env.AUDIT_RETENTION,
    heart: { rest: env.ATHLETE_REST_HR, max: env.ATHLETE_MAX_HR },
    syncCron: env.SYNC_CRON,
    webhook: toWebhookConfig(env),
    onDeauthorize: env.ON_DEAUTHORIZE,
    deauthorizeGraceDays: env.DEAUTHORIZE_GRACE_DAYS,
    keepOriginals: env.KEEP_ORIGINALS === "true",
    importMaxBytes: env.IMPORT_MAX_GB * 1e9,
    retentionDays: env.STRAVA_RETENTION,
    stravaStreams: env.STRAVA_STREAMS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (terminal ? "pretty" : "json"),
  };
}

/** Returns the hosts of the server's own addresses, of this machine, and of the setting. */
function listHosts(env: z.output<typeof ConfigSchema>): string[] {
  const ownUrl = toOwnUrl(env.HOST, env.PORT);
  const urls = [env.PUBLIC_URL, env.STRAVA_REDIRECT_URI, ownUrl];
  const own = urls.flatMap((url) =>
    url !== undefined && URL.canParse(url) ? [new URL(url).hostname] : []
  );
  return [
    ...new Set(["localhost", "127.0.0.1", "[::1]", ...own]),
    ...env.ALLOWED_HOSTS,
  ];
}

function toWebhookConfig(
  env: z.output<typeof ConfigSchema>,
): WebhookConfig | undefined {
  if (!env.PUBLIC_URL || !env.WEBHOOK_VERIFY_TOKEN) return undefined;
  return {
    verifyToken: env.WEBHOOK_VERIFY_TOKEN,
    signingSecret: env.STRAVA_WEBHOOK_SIGNING_SECRET,
  };
}

/** Addresses that a browser on this machine reaches as localhost. */
const LOCAL_HOSTS = ["0.0.0.0", "::", "127.0.0.1", "::1"];

/**
 * Returns the URL that opens a server which listens on this host. Nobody can open the address for all
 * interfaces, such as 0.0.0.0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toOwnUrl("0.0.0.0", 5001), "http://localhost:5001");
 * assert.equal(toOwnUrl("fd00::5", 5001), "http://[fd00::5]:5001");
 * ```
 */
export function toOwnUrl(host: string, port: number): string {
  const name = LOCAL_HOSTS.includes(host) ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
