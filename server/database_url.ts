import { createHmac } from "node:crypto";
import type { z } from "zod";
import {
  ConnectionUrlError,
  parseConnectionUrl,
} from "../db/driver/connection_url.ts";

/** Variables that `DATABASE_URL` is composed of if that one is not set. */
export const DATABASE_PARTS = [
  "POSTGRES_APP_USER",
  "POSTGRES_DB",
  "POSTGRES_HOST",
  "POSTGRES_PASSWORD",
  "POSTGRES_PORT",
  "POSTGRES_USER",
] as const;

/** The URLs that the `POSTGRES_*` variables make, or the problem with them. */
export interface ComposedUrls {
  /** The URL of the server's role. */
  url?: string;
  /** The URL of the tables' owner, if that is another role. */
  ownerUrl?: string;
  problem?: string;
}

/**
 * Returns the database URLs from the `POSTGRES_*` variables, or what is wrong with them. Returns nothing
 * if `DATABASE_URL` is set. Without `POSTGRES_HOST` neither: docker compose reads the password from the
 * same file.
 *
 * With `POSTGRES_APP_USER` the server uses that role, and `POSTGRES_USER` owns the tables. The password of
 * the first is derived from that of the other, which cannot be computed from it.
 */
export function composeDatabaseUrls(
  values: Readonly<Record<string, string>>,
): ComposedUrls {
  const { POSTGRES_HOST: host, POSTGRES_PASSWORD: password } = values;
  if (values["DATABASE_URL"] || !host) return {};
  if (!password) {
    return {
      problem:
        "POSTGRES_PASSWORD is not set: POSTGRES_HOST needs it, or use DATABASE_URL instead of both",
    };
  }
  const port = values["POSTGRES_PORT"] ?? "5432";
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) {
    return { problem: "POSTGRES_PORT must be a number from 1 to 65535" };
  }
  const owner = values["POSTGRES_USER"] ?? "paceline";
  const user = values["POSTGRES_APP_USER"];
  if (user === owner) {
    return {
      problem:
        "POSTGRES_APP_USER must be another role than POSTGRES_USER, which owns the tables",
    };
  }
  const database = encodeURIComponent(values["POSTGRES_DB"] ?? "paceline");
  // A path names the folder of a Unix socket.
  const server = host.startsWith("/") ? encodeURIComponent(host) : host;
  const compose = (user: string, password: string): string =>
    `postgres://${encodeURIComponent(user)}:${
      encodeURIComponent(password)
    }@${server}:${port}/${database}`;
  const ownerUrl = compose(owner, password);
  if (!URL.canParse(ownerUrl)) {
    return {
      problem:
        "POSTGRES_HOST must be a host name or address without a port, such as db.example.com",
    };
  }
  if (!user) return { url: ownerUrl };
  return { url: compose(user, derivePassword(password, user)), ownerUrl };
}

/** Returns a password of 256 bits for a role: it does not reveal the owner's password. */
function derivePassword(ownerPassword: string, role: string): string {
  return createHmac("sha256", ownerPassword).update(`paceline role ${role}`)
    .digest("base64url");
}

/** Adds a problem if the value is not a connection string of PostgreSQL. */
export function checkConnectionUrl(
  { value, issues }: z.core.ParsePayload<string>,
): void {
  try {
    parseConnectionUrl(value);
  } catch (error) {
    if (!(error instanceof ConnectionUrlError)) throw error;
    issues.push({ code: "custom", message: error.message, input: value });
  }
}
