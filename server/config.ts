import type { z } from "zod";
import { type AllowedAthletes, ConfigSchema } from "./config_schema.ts";

/** Everything that a deployment decides, checked and typed. */
export interface Config {
  environment: "development" | "production";
  port: number;
  host: string;
  databaseUrl: string;
  internalApiKey: string;
  stateSecret: string;
  encryptionKey: string;
  encryptionKeysOld: readonly string[];
  strava: {
    clientId: string;
    clientSecret: string;
    redirectUri: string;
    apiUrl: string;
    oauthUrl: string;
  };
  allowedAthletes: AllowedAthletes;
  /** No trailing slash; the only place where a browser is sent. */
  frontendUrl: string;
  /** Origins that may call from a page, the frontend's among them. */
  corsOrigins: readonly string[];
  publicStats: boolean;
  publicVisibility: readonly string[];
  /** Whether anybody may make an account. */
  signup: "closed" | "open";
  /** How many proxies of the operator's stand in front. */
  trustedProxies: number;
  /** After how many days records of the audit are dropped; null keeps them for ever. */
  auditRetentionDays: number | null;
  /** Beats per minute; without a highest one that of the history is taken. */
  heart: { rest: number; max: number | undefined };
  syncCron: string;
  /** Where Strava's push events come in; `undefined` = they are off. */
  webhook: WebhookConfig | undefined;
  /** What becomes of the data of an athlete who withdraws the permission at Strava. */
  onDeauthorize: "delete" | "keep";
  /** How long that data stays, should the athlete connect again. */
  deauthorizeGraceDays: number;
  /** After how many days Strava's answers are dropped; null keeps them for ever. */
  retentionDays: number | null;
  logLevel: "debug" | "info" | "warning" | "error";
  logFormat: "json" | "pretty";
}

/** What Strava's push events need. */
export interface WebhookConfig {
  /** The server's address as Strava reaches it, without a slash at the end. */
  publicUrl: string;
  /** What Strava repeats when it asks whether the callback is ours. */
  verifyToken: string;
  /** Events must be signed by it, where it is set. */
  signingSecret: string | undefined;
}

/** Every variable that is read, for the permission list and the documentation's test. */
export const VARIABLES = [
  "ALLOWED_ATHLETES",
  "ATHLETE_MAX_HR",
  "ATHLETE_REST_HR",
  "AUDIT_RETENTION",
  "CORS_ORIGINS",
  "DATABASE_URL",
  "DEAUTHORIZE_GRACE_DAYS",
  "ENCRYPTION_KEY",
  "ENCRYPTION_KEYS_OLD",
  "ENVIRONMENT",
  "FRONTEND_URL",
  "HOST",
  "INTERNAL_API_KEY",
  "LOG_FORMAT",
  "LOG_LEVEL",
  "ON_DEAUTHORIZE",
  "PORT",
  "POSTGRES_DB",
  "POSTGRES_HOST",
  "POSTGRES_PASSWORD",
  "POSTGRES_PORT",
  "POSTGRES_USER",
  "PUBLIC_STATS",
  "PUBLIC_URL",
  "PUBLIC_VISIBILITY",
  "SIGNUP",
  "STATE_SECRET",
  "STRAVA_API_URL",
  "STRAVA_CLIENT_ID",
  "STRAVA_CLIENT_SECRET",
  "STRAVA_OAUTH_URL",
  "STRAVA_REDIRECT_URI",
  "STRAVA_RETENTION",
  "STRAVA_WEBHOOK_SIGNING_SECRET",
  "SYNC_CRON",
  "TRUSTED_PROXIES",
  "WEBHOOK_VERIFY_TOKEN",
] as const;

export type Variable = (typeof VARIABLES)[number];

/** All that is wrong with the environment, a sentence each. */
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
 * Reads the configuration through `get`, where an empty variable counts as unset.
 *
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
  values["DATABASE_URL"] ??= composeDatabaseUrl(values) ?? "";
  if (values["DATABASE_URL"] === "") delete values["DATABASE_URL"];
  const parsed = ConfigSchema.safeParse(values);
  const problems = parsed.success ? [] : toProblems(parsed.error);
  if (values["ENVIRONMENT"] === "production") {
    problems.push(...listProductionProblems(values));
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError([...new Set(problems)]);
  }
  return toConfig(parsed.data, terminal);
}

function toConfig(
  env: z.output<typeof ConfigSchema>,
  terminal: boolean,
): Config {
  return {
    environment: env.ENVIRONMENT,
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    internalApiKey: env.INTERNAL_API_KEY,
    stateSecret: env.STATE_SECRET,
    encryptionKey: env.ENCRYPTION_KEY,
    encryptionKeysOld: env.ENCRYPTION_KEYS_OLD,
    strava: {
      clientId: env.STRAVA_CLIENT_ID,
      clientSecret: env.STRAVA_CLIENT_SECRET,
      redirectUri: env.STRAVA_REDIRECT_URI ??
        `http://localhost:${env.PORT}/strava/callback`,
      apiUrl: env.STRAVA_API_URL,
      oauthUrl: env.STRAVA_OAUTH_URL,
    },
    allowedAthletes: env.ALLOWED_ATHLETES ?? "first",
    frontendUrl: env.FRONTEND_URL,
    corsOrigins: [
      ...new Set([new URL(env.FRONTEND_URL).origin, ...env.CORS_ORIGINS]),
    ],
    publicStats: env.PUBLIC_STATS === "true",
    publicVisibility: env.PUBLIC_VISIBILITY,
    signup: env.SIGNUP,
    trustedProxies: env.TRUSTED_PROXIES,
    auditRetentionDays: env.AUDIT_RETENTION,
    heart: { rest: env.ATHLETE_REST_HR, max: env.ATHLETE_MAX_HR },
    syncCron: env.SYNC_CRON,
    webhook: toWebhookConfig(env),
    onDeauthorize: env.ON_DEAUTHORIZE,
    deauthorizeGraceDays: env.DEAUTHORIZE_GRACE_DAYS,
    retentionDays: env.STRAVA_RETENTION,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (terminal ? "pretty" : "json"),
  };
}

function toWebhookConfig(
  env: z.output<typeof ConfigSchema>,
): WebhookConfig | undefined {
  if (!env.PUBLIC_URL || !env.WEBHOOK_VERIFY_TOKEN) return undefined;
  return {
    publicUrl: env.PUBLIC_URL,
    verifyToken: env.WEBHOOK_VERIFY_TOKEN,
    signingSecret: env.STRAVA_WEBHOOK_SIGNING_SECRET,
  };
}

function toProblems(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const unset = issue.code === "invalid_type" &&
      issue.message.startsWith("Invalid input");
    return `${name} ${unset ? "is not set" : issue.message}`;
  });
}

/** What production demands beyond the shape of each variable. */
function listProductionProblems(values: Record<string, string>): string[] {
  const problems: string[] = [];
  const secrets = [
    "INTERNAL_API_KEY",
    "STATE_SECRET",
    "ENCRYPTION_KEY",
  ] as const;
  for (const name of secrets) {
    const value = values[name];
    if (value === undefined) continue;
    if (secrets.some((other) => other !== name && values[other] === value)) {
      problems.push(`${name} must not repeat another secret`);
    }
    if (isWeak(value)) {
      problems.push(
        `${name} is easy to guess; make one with: openssl rand -base64 32`,
      );
    }
  }
  if (!values["ALLOWED_ATHLETES"]) {
    problems.push(
      'ALLOWED_ATHLETES is not set: list the Strava athlete ids that may connect, or say "first"',
    );
  }
  if (!values["STRAVA_REDIRECT_URI"]?.startsWith("https://")) {
    problems.push(
      "STRAVA_REDIRECT_URI must be https:// in production, such as https://api.example.com/strava/callback",
    );
  }
  const publicUrl = values["PUBLIC_URL"];
  if (publicUrl && !publicUrl.startsWith("https://")) {
    problems.push(
      "PUBLIC_URL must be https:// in production, such as https://api.example.com",
    );
  }
  return problems;
}

/** A secret of few different characters, or one that was copied from an example. */
function isWeak(value: string): boolean {
  return new Set(value).size < 10 ||
    /change.?me|example|password|secret|your[-_]/i.test(value);
}

/** The address made of compose's `POSTGRES_*` variables, once a host and a password are there. */
function composeDatabaseUrl(
  values: Record<string, string>,
): string | undefined {
  const { POSTGRES_HOST: host, POSTGRES_PASSWORD: password } = values;
  if (!host || !password) return undefined;
  const user = encodeURIComponent(values["POSTGRES_USER"] ?? "paceline");
  const database = encodeURIComponent(values["POSTGRES_DB"] ?? "paceline");
  const port = values["POSTGRES_PORT"] ?? "5432";
  return `postgres://${user}:${
    encodeURIComponent(password)
  }@${host}:${port}/${database}`;
}
